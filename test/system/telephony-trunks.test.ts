/** A registering trunk with SHA-256 against a provider, through the real SIP engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Settings, settingsSchema } from '../../src/domain/settings.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { Provider } from '../support/provider.ts';
import { ack, answered, bye, invite, scenario } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';
import { eventsOf } from '../support/telephony-bench.ts';

const address = '127.0.0.5';
const port = 23_910;
const settings: Settings = settingsSchema.parse({
  version: 1,
  trunks: [
    {
      id: 'provider',
      name: 'Provider',
      kind: 'register',
      host: address,
      port,
      username: 'acme',
      secret: 'trunk-secret',
      callerNumber: '3612345678',
    },
    { id: 'gone', name: 'Gone', kind: 'peer', host: '127.0.0.6', port: 23_920, transport: 'tcp' },
  ],
});

let engines: Engines;
let provider: Provider;

beforeAll(async () => {
  provider = await Provider.open({
    address,
    port,
    username: 'acme',
    password: 'trunk-secret',
    algorithm: 'SHA-256',
  });
  engines = await Engines.start(23_200, settings);
});
afterAll(async () => {
  await engines.stop();
  provider.close();
});

const dial = (trunkId = 'provider') =>
  engines.room.dial({
    target: { kind: 'trunk', trunkId, number: '+441234' },
    callerNumber: '',
    timeoutMs: 10_000,
  });

describe('a registering trunk', () => {
  it('registers with SHA-256 and is up', async () => {
    await eventually('it is up', () => engines.room.trunks()[0]?.state === 'up');
    const request = provider.all('REGISTER')[0]!;
    expect(request.cseq?.number).toBe(2);
    expect(request.get('contact')).toMatch(
      new RegExp(`^<sip:acme@127\\.0\\.0\\.1:${engines.config.sipPort}>`),
    );
  });

  it('carries a call out, authenticated, and ends it with an authenticated BYE', async () => {
    const leg = dial();
    const seen = eventsOf(leg);
    await eventually('it is answered', () => leg.state === 'up');
    const request = provider.all('INVITE')[0]!;
    expect(request.uri).toBe(`sip:+441234@${address}:${port}`);
    expect(request.get('from')).toContain(`<sip:3612345678@${address}>`);
    expect(request.callId).toBe(leg.sipCallId);
    await eventually('it is journalled', () => engines.memory.dialogs.size === 1);
    await leg.hangUp({ class: 'success', reason: 'hung-up' });
    await eventually('BYE comes', () => provider.all('BYE').length === 1);
    expect(provider.all('BYE')[0]!.cseq!.number).toBeGreaterThan(request.cseq!.number);
    expect(seen.map(([name]) => name)).toEqual(['answered', 'ended']);
    await engines.assertIdle();
  });

  it.each([
    [486, 'busy'],
    [404, 'not-found'],
    [503, 'unreachable'],
  ])('tells a refusal of %i as %s', async (status, reason) => {
    provider.inviteStatus = status;
    const seen = eventsOf(dial());
    await eventually('it ends', () => seen.length > 0);
    expect(seen.at(-1)?.[1]).toMatchObject({ reason, sipStatus: status });
    provider.inviteStatus = 200;
    await engines.assertIdle();
  });

  it('brings calls in from the addresses of its registrar', async () => {
    const run = sipp({
      scenario: scenario(
        'in',
        invite({ from: '+3611111' }),
        answered,
        ack(),
        '<pause milliseconds="100"/>',
        bye(),
        '<recv response="200"/>',
      ),
      remote: engines.server,
      service: 'acme',
      localAddress: address,
    });
    const call = await engines.nextCall();
    expect(call).toMatchObject({ source: { kind: 'trunk', trunk: { id: 'provider' } }, from: '+3611111' });
    await call.leg.answer();
    expect((await run).status).toBe(0);
    await engines.assertIdle();
  });

  it('unregisters when it is taken out', async () => {
    engines.room.configure({ ...settings, trunks: [] });
    await eventually('it unregisters', () => provider.all('REGISTER').at(-1)?.get('expires') === '0');
    engines.room.configure(settings);
    await eventually('it is up again', () => engines.room.trunks()[0]?.state === 'up');
  });
});

describe('a peer trunk that is not there', () => {
  it('is down, and a call over it ends as unreachable', async () => {
    await eventually('it is down', () => engines.room.trunks()[1]?.state === 'down', 12_000);
    const seen = eventsOf(dial('gone'));
    await eventually('it ends', () => seen.length > 0);
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'unreachable' });
    await engines.assertIdle();
  });
});
