import { describe, expect, it } from 'vitest';
import type { JournalledDialog } from '../../../src/telephony/contract.ts';
import { farewellRequest } from '../../../src/telephony/farewell.ts';
import { eventsOf, offer, settle, TelephonyBench } from '../../support/telephony-bench.ts';

const left: JournalledDialog = {
  legId: 'old-leg',
  callId: 'old-leg',
  dialogId: 'c1;from-tag=a',
  sipCallId: 'c1',
  localUri: 'sip:us@pbx',
  localTag: 'our',
  remoteUri: 'sip:them@carrier',
  remoteTag: 'their',
  remoteTarget: 'sip:gw@203.0.113.7:5080',
  routeSet: ['<sip:p1;lr>'],
  localCseq: 7,
  source: 'udp/203.0.113.5:5060',
  startedAt: 0,
};

describe('the BYE of a dialog that only the journal knows', () => {
  it('is whole without any engine', () => {
    expect(farewellRequest(left, { class: 'server', reason: 'appliance-failed' })).toEqual({
      method: 'BYE',
      uri: 'sip:gw@203.0.113.7:5080',
      nextHop: 'sip:203.0.113.5:5060;transport=udp',
      headers: {
        'Call-ID': 'c1',
        From: '<sip:us@pbx>;tag=our',
        To: '<sip:them@carrier>;tag=their',
        CSeq: expect.stringMatching(/^21\d{8} BYE$/),
        Route: '<sip:p1;lr>',
        Reason: 'Q.850;cause=41;text="appliance restarted"',
      },
    });
  });

  it('goes to the remote target where there was a connection, which nobody can open again', () => {
    const request = farewellRequest(
      { ...left, source: 'tcp/203.0.113.5:40000' },
      { class: 'server', reason: 'x' },
    );
    expect(request.nextHop).toBeUndefined();
  });
});

describe('after a restart of the appliance', () => {
  it('the calls of before are ended and leave the journal when answered', async () => {
    const bench = new TelephonyBench();
    bench.journal.left.push(left);
    bench.journal.add(left);
    bench.media.left.legIds.push('old-leg');
    bench.media.left.recordingIds.push('old-recording');
    await bench.telephony.start();
    await settle();
    const bye = bench.sip.last('BYE');
    expect(bye.header('Call-ID')).toBe('c1');
    expect(bench.journal.live.size).toBe(1);
    bye.respond(481);
    expect(bench.journal.live.size).toBe(0);
    expect(bench.media.asked('record.stop')).toEqual([{ recordingId: 'old-recording' }]);
    expect(bench.media.asked('leg.close')).toEqual([{ legId: 'old-leg' }]);
  });
});

describe('when the SIP engine dies', () => {
  it('answered calls keep their audio and are ended with BYE when it is back', async () => {
    const bench = await TelephonyBench.start();
    const states: string[] = [];
    bench.telephony.events.on('engine', (part, state) => states.push(`${part} ${state}`));
    const { leg, seen } = await bench.answeredCall();
    bench.sip.down();
    await settle();
    expect(leg.state).toBe('up');
    expect(bench.media.openLegs.has(leg.legId)).toBe(true);
    bench.sip.up();
    await settle();
    expect(seen.at(-1)?.[1]).toEqual({ class: 'server', reason: 'sip-engine-failed' });
    const bye = bench.sip.last('BYE');
    expect(bye.request.dialogId).toBeUndefined();
    expect(bye.header('Call-ID')).toBe('trunk-call');
    expect(bye.header('Reason')).toContain('sip-engine failed');
    bye.respond(200);
    expect(bench.journal.live.size).toBe(0);
    expect(states).toEqual(['sip-engine down', 'sip-engine up']);
  });

  it('a call hung up meanwhile gets its BYE when it is back', async () => {
    const bench = await TelephonyBench.start();
    const { leg, seen } = await bench.answeredCall();
    bench.sip.down();
    await leg.hangUp({ class: 'success', reason: 'agent-hung-up' });
    await settle();
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'agent-hung-up' });
    expect(bench.journal.live.size).toBe(1);
    bench.sip.up();
    bench.sip.last('BYE').respond(200);
    expect(bench.journal.live.size).toBe(0);
    expect(seen.filter(([name]) => name === 'ended')).toHaveLength(1);
  });

  it('calls not yet answered end at once', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    const { call } = await bench.trunkCall();
    const incoming = eventsOf(call.leg);
    const outgoing = eventsOf(
      bench.telephony.dial({
        target: { kind: 'extension', extensionId: 'anna' },
        callerNumber: '1',
        timeoutMs: 9000,
      }),
    );
    await settle();
    bench.sip.down();
    await settle();
    for (const seen of [incoming, outgoing])
      expect(seen.at(-1)?.[1]).toEqual({ class: 'server', reason: 'sip-engine-failed' });
    expect(bench.telephony.legs()).toEqual([]);
    expect(bench.clock.armed).toBeLessThanOrEqual(2); // the keeper and the name resolver
  });
});

describe('when the SIP engine dies between 200 and ACK', () => {
  it('the call ends at once and gets its BYE when the engine is back', async () => {
    const bench = await TelephonyBench.start();
    const { call } = await bench.trunkCall();
    const rejection = expect(call.leg.answer()).rejects.toMatchObject({ code: 'sip.cancelled' });
    await settle();
    bench.sip.down();
    await rejection;
    expect(bench.journal.live.size).toBe(1);
    bench.sip.up();
    bench.sip.last('BYE').respond(481);
    expect(bench.journal.live.size).toBe(0);
  });
});

describe('when the media engine dies', () => {
  it('every call ends honestly, new ones are refused until it is back', async () => {
    const bench = await TelephonyBench.start();
    const { leg, seen } = await bench.answeredCall();
    const waiting = await bench.trunkCall({ callId: 'second' });
    bench.media.down();
    await settle();
    expect(seen.at(-1)).toEqual(['ended', { class: 'server', reason: 'media-engine-failed' }, null]);
    expect(bench.sip.last('BYE').header('Reason')).toContain('media-engine failed');
    expect(waiting.invite.last?.status).toBe(503);
    expect(leg.state).toBe('ended');
    const refused = bench.sip.receive('INVITE', { body: offer });
    await settle();
    expect(refused.last).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    bench.media.up();
    await settle();
    const { call } = await bench.trunkCall({ callId: 'third' });
    expect(call.leg.state).toBe('incoming');
  });
});

describe('a leg that has gone silent', () => {
  const silence = async () => {
    const bench = await TelephonyBench.start();
    const { leg, dialogId, seen } = await bench.answeredCall();
    leg.events.on('silent', (silentMs) => seen.push(['silent', silentMs]));
    leg.events.on('alive', () => seen.push(['alive']));
    const probes = () => bench.sip.all('OPTIONS').filter((sent) => sent.request.dialogId === dialogId);
    const silentFor = (silentMs: number) => bench.media.notice('leg.silent', { legId: leg.legId, silentMs });
    return { bench, leg, seen, probes, silentFor };
  };

  it.each([200, 403, 405, 486, 501, 503])(
    'is kept when its phone answers %i, told and explained once',
    async (status) => {
      const { leg, seen, probes, silentFor } = await silence();
      silentFor(30_400);
      silentFor(31_000);
      expect(probes()).toHaveLength(1);
      probes()[0]!.respond(status);
      await settle();
      silentFor(60_900);
      expect(probes()).toHaveLength(2);
      probes()[1]!.respond(status);
      await settle();
      expect(leg.state).toBe('up');
      expect(seen).toEqual([['answered'], ['silent', 30_400], ['alive']]);
    },
  );

  it('is told again when it was heard between', async () => {
    const { seen, probes, silentFor } = await silence();
    for (const silentMs of [30_100, 30_900]) {
      silentFor(silentMs);
      probes().at(-1)!.respond(200);
      await settle();
    }
    expect(seen.filter(([name]) => name === 'silent')).toHaveLength(2);
  });

  it.each([
    ['does not know it', 481, undefined],
    ['does not answer', 408, null],
    ['cannot be reached', 503, null],
  ])('ends as media-timeout when its phone %s', async (_name, status, source) => {
    const { bench, seen, probes, silentFor } = await silence();
    silentFor(30_000);
    probes()[0]!.respond(status, source === null ? { source } : {});
    await settle();
    expect(seen.at(-1)?.[1]).toEqual({ class: 'client', reason: 'media-timeout' });
    expect(bench.sip.all('BYE')).toHaveLength(1);
  });

  it('is not blamed when it is the SIP engine that went away under the question', async () => {
    const { bench, leg, silentFor } = await silence();
    silentFor(30_000);
    bench.sip.down();
    await settle();
    expect(leg.state).toBe('up');
  });
});

describe('stopping', () => {
  it('ends every leg with BYE and waits for the answers', async () => {
    const bench = await TelephonyBench.start();
    const { seen } = await bench.answeredCall();
    const stopped = bench.telephony.stop();
    await settle();
    expect(seen.at(-1)?.[1]).toEqual({ class: 'server', reason: 'shutting-down' });
    bench.sip.last('BYE').respond(200);
    bench.clock.advance(10);
    await stopped;
    expect(bench.clock.armed).toBe(0);
  });
});
