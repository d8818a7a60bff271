/** Where each setting is changed, for the palette: the label of its field and the page that holds it. */
import type { Key } from '../i18n/translate.ts';

export const settingIndex: readonly [path: string, labels: readonly Key[]][] = [
  [
    '/queues',
    [
      'queue.agents',
      'queue.strategy',
      'queue.ringTimeout',
      'queue.missedPause',
      'queue.wrapUp',
      'queue.maxWait',
      'queue.overflow',
      'queue.announce',
      'queue.announceEvery',
      'queue.threshold',
      'queue.record',
    ],
  ],
  ['/ivr', ['ivr.greeting', 'ivr.timeout', 'ivr.tries', 'ivr.otherwise']],
  ['/extensions', ['extension.digest', 'encryption.label', 'dtmf.label', 'secret.title']],
  [
    '/trunks',
    [
      'trunk.host',
      'trunk.transport',
      'trunk.tlsVerify',
      'trunk.tlsCa',
      'trunk.outboundProxy',
      'trunk.username',
      'trunk.expires',
      'trunk.addresses',
      'trunk.callerNumber',
      'trunk.inbound',
    ],
  ],
  ['/users', ['user.role', 'user.agent', 'login.password']],
  ['/panel', ['panel.device', 'panel.address', 'panel.shows', 'lamps.buttons', 'lamps.brightness']],
  [
    '/system/settings',
    [
      'office.language',
      'office.timeZone',
      'office.country',
      'network.public',
      'network.local',
      'recording.minFree',
    ],
  ],
];
