import { describe, expect, it } from 'vitest';
import type { RtpThread } from '../../../src/media-engine/edge/edge-thread.ts';
import { LegPlaces } from '../../../src/media-engine/leg-places.ts';

/** Threads that keep what they were asked. */
function threads(count: number): {
  threads: RtpThread[];
  asked: { thread: number; op: string; args: unknown }[];
} {
  const asked: { thread: number; op: string; args: unknown }[] = [];
  const made = Array.from(
    { length: count },
    (_, index): RtpThread => ({
      index,
      call: (op, args) => {
        asked.push({ thread: index, op, args });
        return Promise.resolve({ port: 20_000, ssrc: 1, quality: null } as never);
      },
    }),
  );
  return { threads: made, asked };
}

async function made(count: number): Promise<ReturnType<typeof threads> & { places: LegPlaces }> {
  const all = threads(count);
  const places = new LegPlaces(all.threads);
  return { ...all, places };
}

const leg = (legId: string) => ({ legId, bindAddress: '127.0.0.1' });

describe('legs over RTP threads', () => {
  it('a new leg goes to the thread with the fewest, ports kept ready counted', async () => {
    const { places } = await made(3);
    for (const legId of ['a', 'b', 'c', 'd']) await places.create(leg(legId));
    expect(['a', 'b', 'c', 'd'].map((legId) => places.threadOf(legId).index)).toEqual([0, 1, 2, 0]);
    await places.close('b');
    await places.create(leg('e'));
    expect(places.threadOf('e').index).toBe(1);
    await places.reserve('r', '127.0.0.1');
    await places.create(leg('f'));
    expect(places.threadOf('f').index).toBe(2);
  });

  it('a leg made on reserved ports is where they are', async () => {
    const { places } = await made(2);
    await places.create(leg('a'));
    await places.reserve('r', '127.0.0.1');
    await places.create({ ...leg('b'), reservationId: 'r' });
    expect(places.threadOf('b').index).toBe(1);
  });

  it('a leg made for another is on its thread, and elsewhere when that one is gone', async () => {
    const { places } = await made(3);
    for (const legId of ['a', 'b']) await places.create(leg(legId));
    expect(await places.create({ ...leg('c'), nearLegId: 'b' })).toMatchObject({ thread: 1 });
    await places.close('b');
    expect(await places.create({ ...leg('d'), nearLegId: 'b' })).toMatchObject({ thread: 2 });
  });

  it('each half of a bridge is told on which thread its peer is', async () => {
    const { places, asked } = await made(2);
    for (const legId of ['a', 'b']) await places.create(leg(legId));
    await places.join('x', ['a', 'b']);
    expect(asked.filter(({ op }) => op === 'bridge.send')).toEqual([
      { thread: 0, op: 'bridge.send', args: { legId: 'a', peerLegId: 'b', peerThread: 1 } },
      { thread: 1, op: 'bridge.send', args: { legId: 'b', peerLegId: 'a', peerThread: 0 } },
    ]);
  });
});
