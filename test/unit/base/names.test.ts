import { afterEach, beforeEach, expect, test } from 'vitest';
import { Names } from '../../../src/base/names.ts';
import { DnsServer } from '../../support/dns-server.ts';

let dns: DnsServer;
let names: Names;

beforeEach(async () => {
  dns = await DnsServer.start();
  names = new Names({ servers: [dns.address] });
});
afterEach(async () => {
  names.stop();
  await dns.stop();
});

test('an address lives as long as the shortest of its records, from 2 s to an hour', async () => {
  for (const [ttls, lifetimeMs] of [
    [[300, 60], 60_000],
    [[0], 2_000],
    [[86_400], 3_600_000],
  ] as const) {
    dns.zone.set(
      'host.test',
      ttls.map((ttlS, i) => ({ type: 'A', address: `192.0.2.${i + 1}`, ttlS })),
    );
    expect((await names.addresses('host.test', 4)).lifetimeMs).toBe(lifetimeMs);
  }
});

test('what is not there is no error, and a server that fails is one', async () => {
  dns.zone.set('host.test', []);
  for (const host of ['host.test', 'nowhere.test'])
    expect(await names.addresses(host, 6)).toEqual({ records: [], lifetimeMs: 10_000 });
  dns.mood = 'fails';
  await expect(names.addresses('host.test', 4)).rejects.toMatchObject({ code: 'ESERVFAIL' });
  await expect(names.services('_sip._udp.host.test')).rejects.toMatchObject({ code: 'ESERVFAIL' });
});

test('a server that refuses questions for SRV and NAPTR has none; for addresses that is no answer', async () => {
  dns.mood = 'refuses';
  expect((await names.services('_sip._udp.host.test')).records).toEqual([]);
  expect((await names.pointers('host.test')).records).toEqual([]);
  await expect(names.addresses('host.test', 4)).rejects.toMatchObject({ code: 'EREFUSED' });
});

test('names without a dot are looked up as the machine does, unless name servers are named', async () => {
  const machine = new Names({ servers: null });
  expect((await machine.addresses('localhost', 4)).records).toContain('127.0.0.1');
  machine.stop();
  expect((await names.addresses('localhost', 4)).records).toEqual([]);
  expect(dns.questions).toEqual(['A localhost']);
});
