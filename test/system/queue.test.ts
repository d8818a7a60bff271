import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { toneShare } from '../support/sound.ts';

describe('queues with real phones', () => {
  let box: Instance;
  let carrier: Carrier;
  const phones: Baresip[] = [];
  const keep = async (phone: Promise<Baresip>): Promise<Baresip> => {
    phones.push(await phone);
    return phone;
  };
  const agent = (user: '101' | '102', toneHz: number, transport: 'udp' | 'tcp' = 'udp'): Promise<Baresip> =>
    keep(Baresip.start({ user, server: box.sip, password: secrets[user], toneHz, transport }));
  const customer = async (number: string): Promise<Baresip> => {
    const phone = await keep(
      Baresip.start({
        user: '+36301112233',
        server: box.sip,
        toneHz: 500,
        register: false,
        address: carrierAddress,
      }),
    );
    phone.dial(number);
    await phone.waitFor('CALL_ESTABLISHED');
    return phone;
  };
  const agentState = async (agentId: string): Promise<string | undefined> =>
    (await box.live()).agents.find((a) => a.agentId === agentId)?.state;
  const onlyCall = async () => (await box.live()).calls[0];

  beforeAll(async () => {
    carrier = await openCarrier();
    const settings = office(carrier.port, (made) => {
      const [sales] = made.queues;
      made.queues.push(
        {
          ...sales,
          id: 'all',
          name: 'Everybody',
          number: '601',
          strategy: 'ring-all',
          agentIds: ['anna', 'bela'],
        },
        { id: 'slow', name: 'Slow', number: '602', agentIds: ['anna'], wrapUpMs: 2000, ringTimeoutMs: 5000 },
      );
      made.numbers = [
        { id: 'sales', number: '1000', destination: { kind: 'queue', queueId: 'sales' } },
        { id: 'all', number: '1001', destination: { kind: 'queue', queueId: 'all' } },
        { id: 'slow', number: '1002', destination: { kind: 'queue', queueId: 'slow' } },
      ];
    });
    box = await Instance.start({ settings });
    await box.login();
  });
  afterEach(async () => {
    for (const phone of phones.splice(0)) await phone.stop();
    await box.assertIdle();
  });
  afterAll(async () => {
    await box?.assertNothingLeft();
    await box?.stop();
    carrier?.close();
  });

  it('an offer that nobody answers within the ring time moves on, and the agent is marked', async () => {
    const anna = await agent('101', 700);
    const caller = await customer('1000');
    const offer = await anna.waitFor('CALL_INCOMING');
    expect(offer.peeruri).toContain('+36301112233');
    const bela = await agent('102', 900, 'tcp');
    const second = await bela.waitFor('CALL_INCOMING', { timeoutMs: 12_000 });
    expect(second.peeruri).toContain('+36301112233');
    await anna.waitFor('CALL_CLOSED');
    bela.accept();
    const call = await eventually('Béla talks', async () => {
      const now = await onlyCall();
      return now?.phase === 'talking' ? now : undefined;
    });
    expect(call.agentId).toBe('bela');
    expect(call.trace.map((note) => note.code)).toContain('queue.no-answer');
    caller.hangUp();
    await bela.waitFor('CALL_CLOSED');
  });

  it('ring-all rings every free phone; the first answer wins and the others stop', async () => {
    const anna = await agent('101', 700);
    const bela = await agent('102', 900, 'tcp');
    const caller = await customer('1001');
    await anna.waitFor('CALL_INCOMING');
    await bela.waitFor('CALL_INCOMING');
    bela.accept();
    await bela.waitFor('CALL_ESTABLISHED');
    await anna.waitFor('CALL_CLOSED');
    const call = await eventually('they talk', async () => {
      const now = await onlyCall();
      return now?.phase === 'talking' ? now : undefined;
    });
    expect(call.agentId).toBe('bela');
    expect(anna.events.some((e) => e.type === 'CALL_ESTABLISHED')).toBe(false);
    const talkedAt = performance.now();
    await eventually('a second of talk', () => performance.now() - talkedAt > 1500);
    bela.hangUp();
    await caller.waitFor('CALL_CLOSED');
    const heard = bela.heard().at(-1) ?? new Int16Array();
    expect(toneShare(heard.subarray(2000, 8000), 500)).toBeGreaterThan(0.95);
  });

  it('after a talk comes wrap-up, and then the next caller', async () => {
    const anna = await agent('101', 700);
    const first = await customer('1002');
    await anna.waitFor('CALL_INCOMING');
    anna.accept();
    await eventually('Anna talks', async () => (await agentState('anna')) === 'in-call');
    const second = await customer('1002');
    const seen = anna.events.length;
    first.hangUp();
    await eventually('Anna wraps up', async () => (await agentState('anna')) === 'wrap-up');
    const freedAt = performance.now();
    await anna.waitFor('CALL_INCOMING', { from: seen });
    expect(performance.now() - freedAt).toBeGreaterThan(1500);
    anna.accept();
    await eventually('Anna talks again', async () => (await agentState('anna')) === 'in-call');
    const seenBoth = anna.events.length;
    second.hangUp();
    await anna.waitFor('CALL_CLOSED', { from: seenBoth });
    const ready = await box.api('POST', '/agents/anna/ready');
    expect(ready.status).toBeLessThan(300);
    await eventually('Anna is free at once', async () => (await agentState('anna')) === 'waiting', 1000);
  });

  it('a caller who hangs up while the phone rings is an abandoned call, and the phone stops', async () => {
    const anna = await agent('101', 700);
    const caller = await customer('1000');
    await anna.waitFor('CALL_INCOMING');
    const call = await onlyCall();
    caller.hangUp();
    await anna.waitFor('CALL_CLOSED');
    const logged = await eventually('the log has it', async () => {
      const { json } = await box.api('GET', `/calls/${call?.callId}`);
      return json?.phase === 'ended' ? json : undefined;
    });
    expect(logged.abandoned).toBe(true);
    expect(logged.termination.reason).toBe('caller-hung-up');
  });
});
