import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { toneShare } from '../support/sound.ts';

const outside = '36301112233';

describe('calls that go out', () => {
  let box: Instance;
  /** The far end of the trunk. */
  let carrier: Baresip;
  const phones: Baresip[] = [];
  const phone = async (user: '101' | '103', toneHz: number, more: object = {}): Promise<Baresip> => {
    const started = await Baresip.start({ user, server: box.sip, password: secrets[user], toneHz, ...more });
    phones.push(started);
    return started;
  };
  const secondsOfTalk = async (): Promise<void> => {
    const since = performance.now();
    await eventually('two seconds of talk', () => performance.now() - since > 2000);
  };
  const logged = (callId: string) =>
    eventually('the call is in the log', async () => {
      const { json } = await box.api('GET', `/calls/${callId}`);
      return json?.phase === 'ended' ? json : undefined;
    });
  const heardBy = (who: Baresip): Int16Array =>
    (who.heard().at(-1) ?? new Int16Array()).subarray(2000, 10_000);

  beforeAll(async () => {
    carrier = await Baresip.start({
      user: outside,
      server: '127.0.0.1:9',
      toneHz: 500,
      register: false,
      address: carrierAddress,
      answerMode: 'auto',
    });
    box = await Instance.start({ settings: office(carrier.sipPort) });
    await box.login();
  });
  afterEach(async () => {
    for (const started of phones.splice(0)) await started.stop();
    await box.assertIdle();
  });
  afterAll(async () => {
    await carrier?.stop();
    await box?.assertNothingLeft();
    await box?.stop();
  });

  it('click to call rings the phone first, then dials the number over the trunk', async () => {
    const anna = await phone('101', 700);
    const response = await box.api('POST', '/calls', { agentId: 'anna', number: `+${outside}` });
    expect(response.status).toBe(201);
    await anna.waitFor('CALL_INCOMING');
    expect(carrier.events, 'nothing is dialled before the phone is picked up').toHaveLength(0);
    await box.api('DELETE', `/calls/${response.json.callId}`);
    await anna.waitFor('CALL_CLOSED');

    const seen = anna.events.length;
    const second = await box.api('POST', '/calls', { agentId: 'anna', number: outside });
    await anna.waitFor('CALL_INCOMING', { from: seen });
    anna.accept();
    const offered = await carrier.waitFor('CALL_ESTABLISHED');
    expect(offered.peeruri).toContain('3612345678'); // the trunk's number, not the extension's
    await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
    await secondsOfTalk();
    anna.hangUp();
    await carrier.waitFor('CALL_CLOSED');
    const call = await logged(second.json.callId);
    expect(call).toMatchObject({ direction: 'outbound', from: '101', to: outside });
    expect(call.trace.map((n: { code: string }) => n.code)).toEqual(
      expect.arrayContaining(['click-to-call', 'dial.trunk']),
    );
    expect(toneShare(heardBy(anna), 500)).toBeGreaterThan(0.95);
    expect(toneShare(heardBy(carrier), 700)).toBeGreaterThan(0.95);
  });

  it('an extension calls another, hears ringback until the answer, and either may hang up', async () => {
    const anna = await phone('101', 700);
    const desk = await phone('103', 900, { transport: 'tcp' });
    anna.dial('103');
    await desk.waitFor('CALL_INCOMING');
    await anna.waitFor('CALL_RINGING');
    desk.accept();
    await anna.waitFor('CALL_ESTABLISHED');
    const [call] = (await box.live()).calls;
    expect(call).toMatchObject({ direction: 'internal', from: '101', to: '103' });
    // An agent on a call of their own gets no offer meanwhile.
    const busy = (await box.live()).agents.find((a) => a.agentId === 'anna');
    expect(busy?.state).toBe('in-call');
    await secondsOfTalk();
    desk.hangUp();
    await anna.waitFor('CALL_CLOSED');
    expect(toneShare(heardBy(anna), 900)).toBeGreaterThan(0.95);
    expect(toneShare(heardBy(desk), 700)).toBeGreaterThan(0.95);
    expect((await logged(call?.callId ?? '')).termination.reason).toBe('callee-hung-up');
  });

  it('an extension dials out over the trunk; an unknown internal number is refused with a reason', async () => {
    const desk = await phone('103', 900);
    desk.dial(outside);
    await desk.waitFor('CALL_ESTABLISHED');
    await secondsOfTalk();
    desk.hangUp();
    await eventually(
      'the carrier saw the end',
      () => carrier.events.filter((e) => e.type === 'CALL_CLOSED').length > 1,
    );
    expect(toneShare(heardBy(desk), 500)).toBeGreaterThan(0.95);

    const seen = desk.events.length;
    desk.dial('99');
    const closed = await desk.waitFor('CALL_CLOSED', { from: seen });
    expect(closed.param).toContain('404');
  });

  it('a test call over a trunk is answered, plays its prompt, hangs up, and tells each step', async () => {
    const seen = carrier.events.length;
    const begun = await box.api('POST', '/trunks/carrier/test-call', { number: outside });
    expect(begun.status).toBe(202);
    await carrier.waitFor('CALL_CLOSED', { from: seen, timeoutMs: 25_000 });
    const call = await logged(begun.json.callId);
    expect(call.termination.reason).toBe('test-over');
    const codes = call.trace.map((note: { code: string }) => note.code);
    expect(codes).toEqual(expect.arrayContaining(['trunk.test', 'trunk.test-answered']));
    expect(call.legs[0].quality.packetsReceived, 'the far end was heard').toBeGreaterThan(50);
    expect((await box.api('POST', '/trunks/carrier/test-call', { number: '999' })).status).toBe(422);
  });
});
