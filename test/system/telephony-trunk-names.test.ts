/** Trunks known by a name with several servers, and by an outbound proxy; our own name server tells the names. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Settings, settingsSchema } from '../../src/domain/settings.ts';
import { DnsServer } from '../support/dns-server.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { Provider } from '../support/provider.ts';
import { ack, answered, bye, invite, scenario } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';

const address = '127.0.0.7';
const ports = { dead: 24_310, alive: 24_312, edge: 24_314 };
const login = { username: 'acme', secret: 'trunk-secret' };
const settings: Settings = settingsSchema.parse({
  version: 1,
  trunks: [
    { id: 'farm', name: 'Farm', kind: 'register', host: 'farm.test', transport: 'auto', ...login },
    {
      id: 'proxied',
      name: 'Proxied',
      kind: 'register',
      host: 'domain.test',
      outboundProxy: `edge.test:${ports.edge}`,
      ...login,
    },
  ],
});

let dns: DnsServer;
let engines: Engines;
let alive: Provider;
let edge: Provider;

beforeAll(async () => {
  const srv = (priority: number, port: number) =>
    ({ type: 'SRV', priority, weight: 1, port, target: 'host.test' }) as const;
  dns = await DnsServer.start({
    'farm.test': [
      {
        type: 'NAPTR',
        order: 1,
        preference: 1,
        flags: 's',
        service: 'SIP+D2U',
        replacement: '_sip._udp.servers.test',
      },
    ],
    '_sip._udp.servers.test': [srv(1, ports.dead), srv(2, ports.alive)],
    'host.test': [{ type: 'A', address }],
    'edge.test': [{ type: 'A', address: '127.0.0.8' }],
  });
  const account = { username: 'acme', password: 'trunk-secret', algorithm: 'MD5' } as const;
  alive = await Provider.open({ address, port: ports.alive, ...account });
  edge = await Provider.open({ address: '127.0.0.8', port: ports.edge, ...account });
  engines = await Engines.start(24_100, settings, '127.0.0.1', { CORDBOARD_DNS: dns.address });
  await eventually('both trunks are up', () => engines.room.trunks().every(({ state }) => state === 'up'));
});
afterAll(async () => {
  await engines.stop();
  alive.close();
  edge.close();
  await dns.stop();
});

async function call(trunkId: string): Promise<void> {
  const leg = engines.room.dial({
    target: { kind: 'trunk', trunkId, number: '+441234' },
    callerNumber: '',
    timeoutMs: 10_000,
  });
  await eventually('it is answered', () => leg.state === 'up');
  await leg.hangUp({ class: 'success', reason: 'hung-up' });
  await engines.assertIdle();
}

describe('a trunk known by NAPTR and SRV records alone', () => {
  it('registers at, and calls over, the server that is there, with the domain in the Request-URI', async () => {
    expect(alive.all('REGISTER')[0]?.uri).toBe('sip:farm.test');
    await call('farm');
    expect(alive.all('INVITE')[0]?.uri).toBe('sip:+441234@farm.test');
    await eventually('the BYE goes there too', () => alive.all('BYE').length === 1);
  });

  it('is recognised by the addresses of its servers', async () => {
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
    const incoming = await engines.nextCall();
    expect(incoming).toMatchObject({ source: { kind: 'trunk', trunk: { id: 'farm' } } });
    await incoming.leg.answer();
    expect((await run).status).toBe(0);
    await engines.assertIdle();
  });
});

describe('a trunk with an outbound proxy', () => {
  it('registers and calls over the proxy, with its own domain in the Request-URI', async () => {
    expect(edge.all('REGISTER')[0]?.uri).toBe('sip:domain.test');
    await call('proxied');
    expect(edge.all('INVITE')[0]?.uri).toBe('sip:+441234@domain.test');
    await eventually('the BYE goes there too', () => edge.all('BYE').length === 1);
  });
});
