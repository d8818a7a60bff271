/** Writes settings and events until it is killed; says on standard output what was acknowledged. */
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { CallLog } from '../../src/store/call-log.ts';
import { DialogJournalFile } from '../../src/store/journal.ts';
import { SecretBox } from '../../src/store/secrets.ts';
import { SettingsStore } from '../../src/store/settings-store.ts';

const [dataDir = '', what] = process.argv.slice(2);
const log = createLogger('child');

async function writeEvents(): Promise<void> {
  const callLog = new CallLog({ file: join(dataDir, 'call-log.db'), clock: systemClock, log });
  await callLog.start();
  for (let n = 1; ; n++) {
    const callId = `c${n}`;
    callLog.append({ at: n, callId, name: 'CALLSTART', direction: 'internal', from: '1', to: '2' });
    callLog.append({ at: n, callId, name: 'LEGSTART', legId: `l${n}`, role: 'caller', party: '1' });
    await callLog.flush();
    process.stdout.write(`${n}\n`);
  }
}

async function writeSettings(): Promise<void> {
  const secrets = await SecretBox.open(dataDir);
  const store = new SettingsStore({ dataDir, secrets, clock: systemClock, log });
  await store.load();
  for (let n = 1; ; n++) {
    await store.update({ office: { name: `office ${n}` } }, { who: 'child' });
    process.stdout.write(`${n}\n`);
  }
}

async function writeJournal(): Promise<void> {
  const journal = new DialogJournalFile({ file: join(dataDir, 'dialogs.journal'), log });
  await journal.start();
  for (let n = 1; ; n++) {
    journal.add({
      legId: `l${n}`,
      callId: `c${n}`,
      dialogId: `d${n}`,
      sipCallId: `s${n}`,
      localUri: 'sip:1@a',
      localTag: 'x',
      remoteUri: 'sip:2@b',
      remoteTag: 'y',
      remoteTarget: 'sip:2@192.0.2.1',
      routeSet: [],
      localCseq: 1,
      source: 'udp/192.0.2.1:5060',
      startedAt: n,
    });
    if (n > 3) journal.remove(`l${n - 3}`);
    await journal.flush();
    process.stdout.write(`${n}\n`);
  }
}

if (what === 'events') await writeEvents();
else if (what === 'settings') await writeSettings();
else await writeJournal();
