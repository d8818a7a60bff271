/** Words of the prompts page: English, with notes for translators. */
export const enPrompts = {
  'prompts.introOwn':
    'What callers hear. Write the words and let the box speak them, record them, or give a file of your own; the built-in ones can be brought back.',
  'prompts.find': 'Find',
  'prompts.noneFound': 'No prompt holds these words.',
  'prompts.new': 'New prompt',
  'prompts.newHelp': 'Menus list it by this name. Then give it words or a recording.',
  'prompts.create': 'Create',
  'prompts.created': '{name} is there; now give it words or a recording.',
  'prompts.edit': 'Words',
  'prompts.wordsOf': 'Words of {name}',
  'prompts.words': 'What is said',
  'prompts.wordsHelp':
    'Write numbers as words where they matter, and end sentences with a full stop: a pause is made there.',
  'prompts.wordsMissing': 'Write what is to be said.',
  'prompts.uploadStands': 'Callers hear your file or recording as long as it stands before these words.',
  // Speaks the words before they are saved.
  'prompts.preview': 'Hear it',
  'prompts.saved': '{name} is saved; the next caller hears it.',
  // Button: listen through the telephone path.
  'prompts.hear': 'As a caller hears it',
  'prompts.stop': 'Stop',
  // Speak a prompt oneself.
  'prompts.record': 'Record',
  'prompts.recordThing': 'Record {name}',
  'prompts.here': 'With this computer',
  'prompts.byPhone': 'With a desk phone',
  'prompts.noMicrophone':
    'The microphone was not allowed. Allow it in the address bar of the browser, or use a desk phone.',
  'prompts.begin': 'Start recording',
  'prompts.beginsIn': { one: 'Speak in {count} second', other: 'Speak in {count} seconds' },
  'prompts.speakNow': 'Recording: speak now',
  'prompts.level': 'Loudness',
  'prompts.recorded': 'What was recorded',
  'prompts.again': 'Record again',
  'prompts.keep': 'Use this recording',
  'prompts.phone': 'Phone',
  'prompts.noPhones': 'No phone is registered now. Extensions show how to connect one.',
  'prompts.ring': 'Ring the phone',
  'promptTake.ringing': 'The phone rings: pick it up.',
  'promptTake.speaking': 'Speak after the tone, and press # when you are done.',
  'promptTake.done': 'Recorded. Hear it before you use it.',
  'promptTake.failed': 'Nothing was recorded.',
  'prompts.nothingSaid': 'Only silence was heard. Press # after speaking, not before the tone.',
  'prompts.levelled': 'Its loudness was {before} dB and is now {after} dB, like all prompts.',
  // Names of menus follow.
  'prompts.usedBy': 'Played by',
  'prompts.usedBySystem': 'Played by the box itself',
  'prompts.usedByNobody': 'Played nowhere yet',
  'prompts.restoreOwnText': 'Your file and your words in this language are removed.',
  'prompts.deleteText': 'Its words and sounds are removed in all languages.',
  'prompts.render': 'Speak all again',
  'prompts.renderTitle': 'Speak every prompt again?',
  'prompts.renderText':
    'It takes some minutes at low priority. Callers hear the old sounds until each new one is there; your files stay.',
  'prompts.rendering': '{done} of {total} spoken',
  'prompt.record-prompt': 'Before recording a prompt',
} as const;
