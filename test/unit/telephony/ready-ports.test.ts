import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/log.ts';
import { ReadyPorts } from '../../../src/telephony/ready-ports.ts';
import { FakeMedia } from '../../support/fake-media.ts';
import { settle, TelephonyBench } from '../../support/telephony-bench.ts';

const here = '192.168.1.2';

/** With one leg taken already, so that the address is known. */
async function readyPorts() {
  const media = new FakeMedia();
  const ports = new ReadyPorts({ media, log: silentLogger });
  ports.start();
  const first = ports.take(here);
  await settle();
  await settle();
  return { media, ports, first };
}

describe('ports kept ready', () => {
  it('are none for the first leg of an address, and four afterwards', async () => {
    const { media, ports, first } = await readyPorts();
    expect(first).toBeUndefined();
    expect(media.reserved.size).toBe(4);
    const taken = Array.from({ length: 5 }, () => ports.take(here));
    expect(new Set(taken.slice(0, 4).map((each) => each?.port)).size).toBe(4);
    expect(taken[4]).toBeUndefined();
  });

  it('are taken from the RTP thread asked for, and from any when there is none on it', async () => {
    const { media, ports } = await readyPorts();
    let served = 0;
    const call = media.call.bind(media);
    media.call = async (op, args) => {
      const result = await call(op, args);
      return op === 'ports.reserve' ? ({ ...(result as object), thread: served++ % 2 } as never) : result;
    };
    for (let n = 0; n < 4; n++) ports.take(here); // the ones of thread 0 only
    await settle();
    await settle();
    expect([1, 1, 1, 7].map((thread) => ports.take(here, thread)?.thread)).toEqual([1, 1, 0, 0]);
  });

  it('are made up for what was taken, and never more than four', async () => {
    const { media, ports } = await readyPorts();
    for (let n = 0; n < 3; n++) media.reserved.delete(ports.take(here)?.reservationId ?? '');
    await settle();
    await settle();
    expect(media.reserved.size).toBe(4);
    expect(media.asked('ports.reserve')).toHaveLength(7);
  });

  it('are forgotten with the media engine, and bound anew when it is back', async () => {
    const { media, ports } = await readyPorts();
    media.down();
    ports.forget();
    expect(ports.take(here)).toBeUndefined();
    media.up();
    ports.start();
    await settle();
    await settle();
    expect(media.asked('ports.reserve')).toHaveLength(8);
    expect(ports.take(here)).toBeDefined();
  });

  it('are given back at the end, those that come late too', async () => {
    const { media, ports } = await readyPorts();
    for (let n = 0; n < 2; n++) media.reserved.delete(ports.take(here)?.reservationId ?? '');
    await new Promise((resolve) => setImmediate(resolve)); // asked for, not answered
    await ports.stop();
    await settle();
    expect(media.reserved.size).toBe(0);
  });

  it('that cannot be bound are asked for again by the next leg', async () => {
    const media = new FakeMedia();
    media.failing.set('ports.reserve', 'ports-exhausted');
    const ports = new ReadyPorts({ media, log: silentLogger });
    ports.start();
    expect(ports.take(here)).toBeUndefined();
    await settle();
    await settle();
    media.failing.clear();
    expect(ports.take(here)).toBeUndefined();
    await settle();
    await settle();
    expect(media.reserved.size).toBe(4);
  });

  it('let an INVITE leave before the media engine has said a word', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    const target = { kind: 'extension', extensionId: 'anna' } as const;
    const dial = () => bench.telephony.dial({ target, callerNumber: '100', timeoutMs: 20_000 });
    const first = dial();
    await settle();
    await first.hangUp({ class: 'success', reason: 'cancelled' });
    await settle();
    const call = bench.media.call.bind(bench.media);
    const mayAnswer = Promise.withResolvers<void>();
    bench.media.call = async (op, args) => {
      if (op === 'leg.create') await mayAnswer.promise;
      return call(op, args);
    };
    const second = dial();
    await settle();
    const invite = bench.sip.all('INVITE').at(-1)!;
    expect(invite.header('Call-ID')).toBe(second.sipCallId);
    expect(invite.request.body).toMatch(/m=audio 164\d\d RTP/);
    mayAnswer.resolve();
    await second.hangUp({ class: 'success', reason: 'cancelled' });
  });
});
