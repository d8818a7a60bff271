import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClaimCode } from '../../../src/api/claim.ts';
import { LocalCa } from '../../../src/api/local-ca.ts';
import { ApiServer } from '../../../src/api/server.ts';
import { systemClock, VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { emptySettings, type Settings } from '../../../src/domain/settings.ts';
import { adminPassword, testOffice } from '../../support/api-client.ts';
import { memoryPorts } from '../../support/api-ports.ts';

let dataDir: string;
let stops: (() => Promise<void>)[];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cordboard-api-'));
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await rm(dataDir, { recursive: true, force: true });
});

const dayMs = 86_400_000;
const names = { dns: ['cordboard.local', 'localhost'], ips: ['127.0.0.1', '192.168.1.5', 'fd00::5'] };

describe('the local authority', () => {
  const ca = async (clock = new VirtualClock()): Promise<LocalCa> => {
    const authority = new LocalCa({ dataDir, clock, log: silentLogger });
    await authority.open();
    return authority;
  };

  it('issues a certificate for all names that a browser would take', async () => {
    const authority = await ca();
    const certificate = new X509Certificate((await authority.server(names)).certificate);
    const root = new X509Certificate(authority.caCertificate ?? '');
    expect(root.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(root) && certificate.verify(root.publicKey)).toBe(true);
    for (const name of names.dns) expect(certificate.checkHost(name)).toBe(name);
    for (const ip of names.ips) expect(certificate.checkIP(ip)).toBe(ip);
    expect(certificate.checkHost('evil.example')).toBeUndefined();
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / dayMs;
    expect(days).toBeLessThanOrEqual(397);
    expect((Date.parse(root.validTo) - Date.parse(root.validFrom)) / dayMs).toBeGreaterThan(3_650);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('keeps authority and certificate over a restart, private keys for its owner only', async () => {
    const first = await ca();
    const { certificate } = await first.server(names);
    const second = await ca();
    expect(second.caCertificate).toBe(first.caCertificate);
    expect(await second.server(names)).toMatchObject({ certificate, renewed: false });
    for (const file of ['ca-with-key.pem', 'server-with-key.pem'])
      expect((await stat(join(dataDir, 'tls', file))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, 'tls/ca.pem'), 'utf8')).not.toContain('PRIVATE');
  });

  it('issues anew for a new name, when 30 days are left, and when the clock went back; never a new authority', async () => {
    const clock = new VirtualClock();
    const authority = await ca(clock);
    const root = authority.caCertificate;
    const renewed = async (wanted = names): Promise<boolean> => (await authority.server(wanted)).renewed;
    expect(await renewed()).toBe(true);
    expect(await renewed()).toBe(false);
    expect(await renewed({ ...names, ips: [...names.ips, '10.9.8.7'] })).toBe(true);
    clock.advance(365 * dayMs);
    expect(await renewed()).toBe(false);
    clock.advance(2 * dayMs);
    expect(await renewed()).toBe(true);
    const earlier = await ca(new VirtualClock(Date.UTC(2025, 11, 31)));
    expect(earlier.caCertificate).toBe(root);
    expect((await earlier.server(names)).renewed).toBe(true);
  });

  it('makes a damaged file anew', async () => {
    const first = await ca();
    const { certificate } = await first.server(names);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(dataDir, 'tls/server-with-key.pem'), `${certificate}garbage`);
    expect((await (await ca()).server(names)).renewed).toBe(true);
  });
});

describe('the claim code', () => {
  it('is two groups of four, the same after a restart, readable by its owner only, and gone once claimed', async () => {
    const first = new ClaimCode(dataDir);
    await first.start(false);
    const code = first.claimCode() ?? '';
    expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}$/);
    expect((await stat(join(dataDir, 'claim-code'))).mode & 0o777).toBe(0o600);
    const second = new ClaimCode(dataDir);
    await second.start(false);
    expect(second.claimCode()).toBe(code);
    await second.close();
    expect(second.claimCode()).toBeNull();
    expect(second.matches(code)).toBe(false);
    await expect(stat(join(dataDir, 'claim-code'))).rejects.toThrow('ENOENT');
  });

  it('is taken however it is typed, and nothing else is', async () => {
    const claim = new ClaimCode(dataDir);
    await claim.start(false);
    const code = claim.claimCode() ?? '';
    const typed = code.toUpperCase().replace('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l');
    expect(claim.matches(typed)).toBe(true);
    expect(claim.matches(code.slice(0, -1))).toBe(false);
    expect(claim.matches('')).toBe(false);
  });

  it('is not made for an office that has an admin, and an old one is removed', async () => {
    await new ClaimCode(dataDir).start(false);
    const claimed = new ClaimCode(dataDir);
    await claimed.start(true);
    expect(claimed.claimCode()).toBeNull();
    await expect(stat(join(dataDir, 'claim-code'))).rejects.toThrow('ENOENT');
  });
});

describe('the server', () => {
  interface Answer {
    status: number;
    headers: Record<string, string | string[] | undefined>;
    text: string;
  }

  async function start(settings: Settings = testOffice()) {
    const ports = memoryPorts(settings);
    const server = new ApiServer({
      config: { dataDir, bind: ['127.0.0.1'], httpPort: 0, sipPort: 5060, sipsPort: 5061 },
      ports,
      clock: systemClock,
      log: silentLogger,
      uiDirectory: join(dataDir, 'no-ui'),
      version: '0.1.0',
    });
    await server.start();
    stops.push(() => server.stop());
    return { server, ports, ca: server.caCertificate ?? '' };
  }

  const ask = (server: ApiServer, ca: string, path: string, options: RequestOptions = {}, body?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const url = `https://127.0.0.1:${server.port}${path}`;
      request(url, { ca, agent: false, ...options }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
        response.on('error', reject);
      })
        .on('error', reject)
        .end(body);
    });

  it('speaks HTTPS that a client trusting the downloaded authority verifies, by address and by name', async () => {
    const { server, ca } = await start();
    const downloaded = await ask(server, ca, '/api/v1/system/ca.pem');
    expect(downloaded.text).toBe(ca);
    const byName = await ask(server, downloaded.text, '/api/v1/status', {
      servername: 'cordboard.local',
      headers: { host: 'cordboard.local' },
    });
    expect(JSON.parse(byName.text)).toMatchObject({ claimed: true });
    await expect(ask(server, '', '/api/v1/status')).rejects.toThrow(/self.signed|unable to|certificate/i);
  });

  it('shows a plain HTTP request the way to HTTPS on the same port, own names only', async () => {
    const { server } = await start();
    const plain = (host: string): Promise<{ status: number; location: string | undefined }> =>
      new Promise((resolve, reject) => {
        const options = { port: server.port, path: '/calls?x=1', headers: { host }, agent: false };
        httpRequest(options, (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, location: response.headers.location });
        })
          .on('error', reject)
          .end();
      });
    const host = `127.0.0.1:${server.port}`;
    expect(await plain(host)).toEqual({ status: 308, location: `https://${host}/calls?x=1` });
    expect(await plain('evil.example')).toEqual({ status: 421, location: undefined });
  });

  it('signs in over the socket and streams events at once, and ends the stream when it stops', async () => {
    const { server, ports, ca } = await start();
    const origin = `https://127.0.0.1:${server.port}`;
    const body = JSON.stringify({ userName: 'Ada', password: adminPassword });
    const headers = { origin, 'content-type': 'application/json' };
    const login = await ask(server, ca, '/api/v1/login', { method: 'POST', headers }, body);
    expect(login.status).toBe(200);
    const cookie = String(login.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    const received = await new Promise<{ text: string; latencyMs: number }>((resolve, reject) => {
      let text = '';
      let changedAt = 0;
      let latencyMs = -1;
      request(`${origin}/api/v1/events`, { ca, agent: false, headers: { cookie } }, (response) => {
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (changedAt === 0 && text.includes('event: panel')) {
            changedAt = performance.now();
            ports.live.set({ faults: [{ code: 'disk.full', message: 'full', since: 1 }] });
          }
          if (latencyMs < 0 && text.includes('disk.full')) {
            latencyMs = performance.now() - changedAt;
            server.stop().catch(reject);
          }
        });
        response.on('end', () => resolve({ text, latencyMs }));
        response.on('error', reject);
      })
        .on('error', reject)
        .end();
    });
    expect(received.text).toMatch(/^retry: 1000\n\nevent: snapshot\nid: \S+\ndata: \{/);
    expect(received.latencyMs).toBeLessThan(1_000);
  });

  it('hands out a claim code until the settings have an admin, however they came', async () => {
    const { server, ports } = await start(emptySettings());
    expect(server.claimCode()).toMatch(/^.{4}-.{4}$/);
    await ports.settings.update(() => testOffice(), { who: 'settings file' });
    expect(server.claimCode()).toBeNull();
  });

  it('names the variable that chooses another port when the port is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => void blocker.close(() => resolve())));
    const { port } = blocker.address() as { port: number };
    const server = new ApiServer({
      config: { dataDir, bind: ['127.0.0.1'], httpPort: port, sipPort: 5060, sipsPort: 5061 },
      ports: memoryPorts(),
      clock: systemClock,
      log: silentLogger,
      uiDirectory: dataDir,
      version: '0.1.0',
    });
    await expect(server.start()).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(new RegExp(`${port}.*CORDBOARD_HTTP_PORT`)),
    });
    await server.stop();
  });

  it('survives connections that send garbage, half a handshake or nothing, and closes them when it stops', async () => {
    const { server, ca } = await start();
    const closed: Promise<void>[] = [];
    for (const bytes of [Buffer.from([0x16, 0x03]), Buffer.from('\x00\x01\x02'), Buffer.from('GET'), null]) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      closed.push(new Promise((resolve) => void socket.once('close', () => resolve())));
      await new Promise<void>((resolve) => void socket.once('connect', () => resolve()));
      if (bytes) socket.write(bytes);
      socket.resume();
    }
    expect((await ask(server, ca, '/api/v1/status')).status).toBe(200);
    await server.stop();
    await Promise.all(closed);
  });
});
