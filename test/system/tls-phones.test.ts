/** The whole product with real peers over TLS: softphones, OpenSSL, and trunks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { TestAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { toneShare } from '../support/sound.ts';
import { TlsProvider } from '../support/tls-provider.ts';

let box: Instance;
let dir: string;
let caFile: string;

/** What OpenSSL's client makes of the SIP server. */
function openssl(...more: string[]): { status: number | null; said: string } {
  const place = `127.0.0.1:${box.ports.sips}`;
  const { status, stdout, stderr } = spawnSync(
    'openssl',
    [
      's_client',
      '-connect',
      place,
      '-CAfile',
      caFile,
      '-verify_return_error',
      '-verify_ip',
      '127.0.0.1',
      ...more,
    ],
    { input: '', encoding: 'utf8', timeout: 10_000 },
  );
  return { status, said: stdout + stderr };
}
function serialShown(): string {
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(openssl().said)?.[0] ?? '';
  return execFileSync('openssl', ['x509', '-noout', '-serial'], { input: pem, encoding: 'utf8' });
}

describe('phones over TLS', () => {
  const phones: Baresip[] = [];
  const phone = async (user: '101' | '103', toneHz: number, overTls: boolean): Promise<Baresip> => {
    const made = await Baresip.start({
      user,
      password: secrets[user],
      toneHz,
      ...(overTls
        ? { server: `127.0.0.1:${box.ports.sips}`, transport: 'tls', caFile }
        : { server: box.sip }),
    });
    phones.push(made);
    return made;
  };
  const talkAndHangUp = async (caller: Baresip, callee: Baresip): Promise<void> => {
    const from = { caller: caller.events.length, callee: callee.events.length };
    await callee.waitFor('CALL_INCOMING');
    callee.accept();
    await caller.waitFor('CALL_ESTABLISHED');
    await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
    const began = performance.now();
    await eventually('two seconds of talk', () => performance.now() - began > 2000);
    caller.hangUp();
    await callee.waitFor('CALL_CLOSED', { from: from.callee });
    await box.assertIdle();
  };

  beforeAll(async () => {
    box = await Instance.start({ settings: office(5060, (made) => (made.trunks = [])) });
    await box.login();
    dir = mkdtempSync(join(tmpdir(), 'cordboard-tls-'));
    caFile = join(dir, 'ca.pem');
    writeFileSync(caFile, (await box.api('GET', '/system/ca.pem')).body);
  });
  afterEach(async () => {
    await Promise.all(phones.splice(0).map((each) => each.stop()));
    await box.assertIdle();
  });
  afterAll(async () => {
    await box?.assertNothingLeft();
    await box?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('the certificate is one that OpenSSL verifies by the downloaded authority, from TLS 1.2 on', () => {
    expect(openssl().said).toContain('Verify return code: 0 (ok)');
    expect(openssl('-tls1_2').said).toContain('Verify return code: 0 (ok)');
    const old = openssl('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0');
    expect(old.status).not.toBe(0);
    expect(old.said).toMatch(/protocol version|handshake failure/);
  });

  it('a softphone registers over TLS, is called over its connection, and calls', async () => {
    const tls = await phone('101', 700, true);
    const udp = await phone('103', 500, false);
    const live = await box.live();
    expect(live.phones.find((each) => each.number === '101')?.contacts).toMatchObject([{ transport: 'tls' }]);
    udp.dial('101');
    await talkAndHangUp(udp, tls);
    const heard = tls.heard()[0] ?? new Int16Array();
    expect(toneShare(heard.subarray(heard.length - 12_000, heard.length - 4000), 500)).toBeGreaterThan(0.95);
    tls.dial('103');
    await talkAndHangUp(tls, udp);
  });

  it('a renewed certificate is shown at once, and no connection is lost', async () => {
    const tls = await phone('101', 700, true);
    const udp = await phone('103', 500, false);
    const before = serialShown();
    expect((await box.stats()).sip.connections).toBe(1);
    const { json } = await box.api('GET', '/network');
    const changed = await box.api('PUT', '/network', { ...json, publicAddress: '203.0.113.7' });
    expect(changed.status).toBe(200);
    await eventually('another certificate is shown', () => serialShown() !== before);
    expect(openssl('-verify_ip', '203.0.113.7').said).toContain('Verify return code: 0 (ok)');
    udp.dial('101');
    await talkAndHangUp(udp, tls);
    expect((await box.stats()).sip.connections).toBe(1);
    expect(tls.output.match(/200 OK .*binding/g)).toHaveLength(1);
  });

  it('after a crash of the SIP engine its successor has the certificate again', async () => {
    await box.crash('sip-engine');
    await eventually('it is shown', () => openssl().said.includes('Verify return code: 0 (ok)'));
  });
});

describe('trunks over TLS', () => {
  let authority: TestAuthority;
  const providers: TlsProvider[] = [];

  beforeAll(async () => {
    authority = await TestAuthority.open();
    const own = await authority.issue({ dns: ['localhost'], ips: ['127.0.0.1', '127.0.0.3'] });
    for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.3'])
      providers.push(await TlsProvider.start(own, address));
    const trunk = (id: string, host: string, provider: number, more: object): object => ({
      id,
      name: id,
      kind: 'peer',
      transport: 'tls',
      host,
      port: providers[provider]?.port,
      ...more,
    });
    const settings = office(5060, (made) => {
      made.trunks = [
        trunk('right', 'localhost', 0, { tlsCa: authority.ca }),
        trunk('unknown', '127.0.0.1', 0, {}),
        trunk('wrong-name', '127.0.0.2', 1, { tlsCa: authority.ca }),
        trunk('unchecked', '127.0.0.3', 2, { tlsVerify: false }),
      ] as typeof made.trunks;
    });
    box = await Instance.start({ settings });
    await box.login();
  });
  afterAll(async () => {
    await box?.assertNothingLeft();
    await box?.stop();
    for (const provider of providers) await provider.close();
    authority?.remove();
  });

  it('are up when they prove who they are, and say in plain words why not', async () => {
    const trunks = await eventually('all have been asked', async () => {
      const { trunks } = await box.live();
      return trunks.every(({ state }) => state !== 'unknown') && trunks;
    });
    const states = Object.fromEntries(
      trunks.map(({ trunkId, state, detail }) => [trunkId, `${state}: ${detail}`]),
    );
    expect(states).toEqual({
      right: 'up: answers',
      unknown: 'down: not reachable (its certificate comes from an unknown authority)',
      'wrong-name':
        'down: not reachable (its certificate is for localhost, 127.0.0.1, 127.0.0.3, not for 127.0.0.2)',
      unchecked: 'up: answers; its certificate is not checked',
    });
  });

  it('may be mended while running', async () => {
    const { json } = await box.api('GET', '/trunks/unknown');
    const { hasSecret: _, ...trunk } = json;
    const changed = await box.api('PUT', '/trunks/unknown', { ...trunk, tlsCa: authority.ca });
    expect(changed.status).toBe(200);
    await eventually('it is up', async () =>
      (await box.live()).trunks.some(({ trunkId, state }) => trunkId === 'unknown' && state === 'up'),
    );
  });
});
