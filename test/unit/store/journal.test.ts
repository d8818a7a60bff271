import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/log.ts';
import { DialogJournalFile } from '../../../src/store/journal.ts';
import type { JournalledDialog } from '../../../src/telephony/contract.ts';

let file: string;
const open: DialogJournalFile[] = [];
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'cordboard-journal-')), 'run', 'dialogs.journal');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((journal) => journal.stop()));
});

async function start(): Promise<DialogJournalFile> {
  const journal = new DialogJournalFile({ file, log: silentLogger });
  open.push(journal);
  await journal.start();
  return journal;
}

function dialog(legId: string, localCseq = 1): JournalledDialog {
  return {
    legId,
    callId: 'c1',
    dialogId: `d-${legId}`,
    sipCallId: `${legId}@host`,
    localUri: 'sip:100@192.0.2.1',
    localTag: 'lt',
    remoteUri: 'sip:+36301234567@trunk.example',
    remoteTag: 'rt',
    remoteTarget: 'sip:192.0.2.9:5060',
    routeSet: ['<sip:192.0.2.8;lr>'],
    localCseq,
    source: 'udp/192.0.2.9:5060',
    startedAt: 1000,
  };
}

const legsOf = (journal: DialogJournalFile): string[] => journal.orphans().map(({ legId }) => legId);

describe('the dialog journal', () => {
  it('begins without orphans, and has none of its own', async () => {
    const journal = await start();
    journal.add(dialog('l1'));
    expect(journal.orphans()).toEqual([]);
    await journal.stop();
  });

  it('gives the next process what lived when this one died, as it was last', async () => {
    const first = await start();
    for (const legId of ['l1', 'l2', 'l3']) first.add(dialog(legId));
    first.add(dialog('l3', 7));
    first.remove('l2');
    first.remove('never-there');
    await first.flush(); // and then it dies
    const second = await start();
    expect(second.orphans()).toEqual([dialog('l1'), dialog('l3', 7)]);
  });

  it('keeps an orphan until it is ended, over as many deaths as it takes', async () => {
    const first = await start();
    for (const legId of ['l1', 'l2']) first.add(dialog(legId));
    await first.flush();
    const second = await start();
    second.remove('l1');
    expect(legsOf(second)).toEqual(['l2']);
    await second.flush();
    expect(legsOf(await start())).toEqual(['l2']);
  });

  it('reads over a torn last line and goes on after it', async () => {
    const first = await start();
    first.add(dialog('l1'));
    await first.flush();
    await appendFile(file, '{"add":{"legId":"l2","call');
    const second = await start();
    expect(legsOf(second)).toEqual(['l1']);
    second.add(dialog('l3'));
    await second.flush();
    expect(legsOf(await start())).toEqual(['l1', 'l3']);
  });

  it('does not grow with its history', async () => {
    const journal = await start();
    journal.add(dialog('stays'));
    for (let n = 0; n < 5000; n++) {
      journal.add(dialog(`l${n}`));
      journal.remove(`l${n}`);
      if (n % 100 === 0) await journal.flush();
    }
    await journal.stop();
    expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(1200);
    expect(legsOf(await start())).toEqual(['stays']);
  });
});
