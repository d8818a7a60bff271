import { describe, expect, it } from 'vitest';
import { eventsOf, settle, TelephonyBench } from '../../support/telephony-bench.ts';

describe('a call from a page', () => {
  it('comes in like any other, is answered, presses digits and hangs up', async () => {
    const bench = await TelephonyBench.start();
    const { browser } = bench.telephony;
    const { legId } = await browser.open('admin');
    expect(bench.telephony.legs()).toEqual([]);
    await browser.connect(legId, 'send', {});
    await browser.produce(legId, {});
    await browser.consume(legId, {});
    browser.dial(legId, '500');
    const call = bench.incoming[0]!;
    expect(call).toMatchObject({ source: { kind: 'browser', userName: 'admin' }, to: '500' });
    const seen = eventsOf(call.leg);
    await call.leg.ring();
    await call.leg.answer();
    browser.digit(legId, '1');
    await browser.hangUp(legId);
    expect(seen).toEqual([
      ['answered'],
      ['digit', '1'],
      ['ended', { class: 'success', reason: 'hung-up' }, expect.anything()],
    ]);
    expect(bench.telephony.legs()).toEqual([]);
    await browser.hangUp(legId);
  });

  it('ends when its browser goes, before the answer as given up', async () => {
    const bench = await TelephonyBench.start();
    const { legId } = await bench.telephony.browser.open('admin');
    bench.telephony.browser.dial(legId, '500');
    const seen = eventsOf(bench.incoming[0]!.leg);
    bench.media.notice('web.closed', { legId, reason: 'ice' });
    await settle();
    expect(seen).toEqual([['ended', { class: 'client', reason: 'cancelled' }, expect.anything()]]);
  });

  it('that was only opened is closed with its browser', async () => {
    const bench = await TelephonyBench.start();
    const { legId } = await bench.telephony.browser.open('admin');
    bench.media.notice('web.closed', { legId, reason: 'ice' });
    await settle();
    expect(bench.media.openLegs.size).toBe(0);
    expect(() => bench.telephony.browser.dial(legId, '1')).toThrowError(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('dials once', async () => {
    const bench = await TelephonyBench.start();
    const { legId } = await bench.telephony.browser.open('admin');
    bench.telephony.browser.dial(legId, '1');
    expect(() => bench.telephony.browser.dial(legId, '2')).toThrowError(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});

describe('bridges and recordings', () => {
  it('join two legs and part them once', async () => {
    const bench = await TelephonyBench.start();
    const a = await bench.answeredCall();
    const b = await bench.answeredCall({ callId: 'b' });
    const bridge = await bench.telephony.bridge(a.leg, b.leg);
    await bridge.leave();
    await bridge.leave();
    expect(bench.media.asked('bridge.join')).toEqual([
      { bridgeId: bridge.bridgeId, legIds: [a.leg.legId, b.leg.legId] },
    ]);
    expect(bench.media.asked('bridge.leave')).toHaveLength(1);
  });

  it('record the caller left and the agent right, and tell a full disk', async () => {
    const bench = await TelephonyBench.start();
    const a = await bench.answeredCall();
    const b = await bench.answeredCall({ callId: 'b' });
    const failures: unknown[] = [];
    bench.telephony.events.on('recording-failed', (...args) => failures.push(args));
    const recording = await bench.telephony.record({
      recordingId: 'r',
      file: 'r.wav',
      left: a.leg,
      right: b.leg,
    });
    expect(bench.media.asked('record.start')[0]).toMatchObject({
      leftLegId: a.leg.legId,
      rightLegId: b.leg.legId,
    });
    bench.media.notice('record.failed', {
      recordingId: 'r',
      code: 'disk.full',
      message: '',
      recording: null,
    });
    expect(failures).toEqual([['r', 'disk.full', null]]);
    expect(await recording.stop()).toMatchObject({ recordingId: 'r' });
    bench.media.failing.set('record.start', 'disk.full');
    await expect(
      bench.telephony.record({ recordingId: 'q', file: 'q.wav', left: a.leg, right: b.leg }),
    ).rejects.toMatchObject({ code: 'disk.full' });
  });
});

describe('what a leg plays', () => {
  it('is told to have ended, or failed, once', async () => {
    const bench = await TelephonyBench.start();
    const { leg, seen } = await bench.answeredCall();
    const first = leg.play([{ kind: 'silence', durationMs: 10 }]);
    bench.media.notice('play.done', { legId: leg.legId, playId: first, cause: 'ended' });
    leg.stopPlaying();
    expect(bench.media.asked('play.stop')).toEqual([]);
    const music = leg.music();
    leg.stopPlaying();
    expect(bench.media.asked('play.stop')).toEqual([{ legId: leg.legId, playId: music }]);
    bench.media.failing.set('play.start', 'media.no-file');
    const broken = leg.play([{ kind: 'file', file: 'gone.wav' }]);
    await settle();
    expect(seen.slice(1)).toEqual([
      ['played', first, 'ended'],
      ['played', broken, 'failed'],
    ]);
  });
});
