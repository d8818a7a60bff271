/** Words of the panel: what lamps show, what buttons do. */
export const enLamps = {
  // A fact that a lamp shows.
  'lamps.longestWaitAll': 'Longest wait, all queues',
  'lamps.longestWaitIn': 'Longest wait in {queue}',
  'lamps.serviceLevelAll': 'Service level today, all queues',
  'lamps.serviceLevelIn': 'Service level today in {queue}',
  'lamps.extension': 'Phone {extension}',
  'lamps.trunk': 'Trunk {trunk}',
  // The night button and the opening hours.
  'lamps.night': 'Night button and hours',
  'lamps.campaign': 'Campaign {campaign}',
  'lamps.disk': 'Room on the disk',
  // The guard of the SIP server shuts somebody out.
  'lamps.guard': 'Somebody is shut out by the guard',
  'lamps.emergency': 'Emergency call',
  // Several facts on one lamp: the most urgent shines.
  'lamps.andAlso': '{first}; also {more}',
  'lamps.also': 'Also on this lamp',
  'lamps.alsoHelp': 'Of several facts the most urgent shines.',
  'lamps.nothingMore': 'Nothing more',
  // Threshold of a lamp; then a number of seconds.
  'lamps.over': 'Flashes from',
  // Threshold of a lamp; then a percentage.
  'lamps.under': 'Flashes under',
  'lamps.backDown': 'Calm again at',
  'lamps.backUp': 'Calm again from',
  'lamps.suggest': 'Suggest a layout',
  'lamps.suggested': 'A layout for this office is in the form. Nothing is saved yet.',
  'lamps.preview': 'As it would look now',
  'lamps.previewHint': 'Not saved yet; the panel still shows what it did.',
  'lamps.simulate': 'Try an alarm',
  'lamps.simulating': 'An alarm is being tried: nobody calls for help.',
  'lamps.buttons': 'What the buttons do',
  'lamps.button': 'Button',
  'lamps.when': 'when',
  'lamps.whenPress': 'Pressed',
  'lamps.whenLong': 'Held for a second',
  'lamps.does': 'does',
  'lamps.actNight': 'Closes the office for the night, or opens it again',
  'lamps.actAcknowledge': 'Takes note of alarms: they stop flashing',
  'lamps.actAgent': 'Logs {agent} in or out',
  'lamps.addButton': 'Add a button',
  'lamps.removeButton': 'Remove button {button}',
  'lamps.brightness': 'Brightness through the day',
  'lamps.brightnessHelp': 'On the office’s clocks. Red lamps are never dimmed.',
  // A full hour of the day, 0 to 23.
  'lamps.fromHour': 'From hour',
  'lamps.percent': 'Brightness',
  'lamps.addBrightness': 'Add an hour',
  'lamps.removeBrightness': 'Remove hour {hour}',
  'fault.panel.button-stuck':
    'A button of the lamp panel is held down, or stuck: it does nothing until it is let go',
  'error.panel.no-alarm-lamp':
    'No lamp shows emergency calls or the guard. Give one of them that, and try again.',
  'value.backDown': 'Must not be above the value at which the lamp flashes.',
  'value.backUp': 'Must not be below the value at which the lamp flashes.',
  'value.buttonTwice': 'This button already does something when it is pressed like this.',
  'value.hourTwice': 'This hour is there twice.',
  'auditAction.panel.simulate-alarm': 'Tried an alarm on the lamps',
  'auditAction.panel.acknowledge': 'Took note of alarms at the panel',
} as const;
