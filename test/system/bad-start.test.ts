/** What the product says when it cannot start as asked. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts } from '../support/free-ports.ts';
import { Instance, type InstanceOptions, type InstancePorts, StartFailure } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { WirePhone } from '../support/wire-phone.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'cordboard-start-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the product, which must fail. @returns what a person sees of it, and how long it took */
async function failsToStart(options: InstanceOptions): Promise<StartFailure & { afterMs: number }> {
  const startedAt = performance.now();
  const outcome = await Instance.start({ dataDir, ...options }).catch((error: unknown) => error);
  if (outcome instanceof Instance) await outcome.stop();
  if (!(outcome instanceof StartFailure)) throw new Error('it did start', { cause: outcome });
  return Object.assign(outcome, { afterMs: performance.now() - startedAt });
}

async function ports(): Promise<InstancePorts> {
  const first = await freePorts(8);
  return {
    sip: first,
    sips: first + 1,
    http: first + 2,
    drachtio: first + 4,
    webrtc: first + 6,
    rtpFrom: 10_000 + 2 * (first % 2500),
  };
}

describe('a settings file given at the start', () => {
  it('that is wrong in several places is refused with every problem and its path', async () => {
    const wrong = {
      version: 1,
      office: { country: 'Britain' },
      extensions: [{ id: 'anna', number: '10 1', name: 'Anna', secret: 'short' }],
      agents: [{ id: 'anna', name: 'Anna', extensionId: 'nobody' }],
      queues: [{ id: 'sales', name: 'Sales', agentIds: ['bela'], ringTimeoutMs: 1 }],
      colour: 'blue',
    };
    const { status, output, afterMs } = await failsToStart({ settingsText: JSON.stringify(wrong) });
    for (const path of [
      'office.country',
      'extensions.0.number',
      'extensions.0.secret',
      'agents.0.extensionId',
      'queues.0.agentIds.0',
      'queues.0.ringTimeoutMs',
      'colour',
    ])
      expect(output).toMatch(new RegExp(`^\\s*${path.replaceAll('.', '\\.')}: \\S`, 'm'));
    expect(status).toBe(1);
    expect(afterMs).toBeLessThan(15_000);
  });

  it('that is no JSON is refused with the place where it breaks', async () => {
    const { status, output } = await failsToStart({ settingsText: '{"version": 1, "office": }' });
    expect(output).toMatch(/no JSON.*"office": }/);
    expect(status).toBe(1);
  });
});

describe('a settings.json that was broken by hand', () => {
  it('does not run: the last good one does, and the live page says what is wrong', async () => {
    const first = await Instance.start({ dataDir, settings: office(5060) });
    await first.stop();
    const file = join(dataDir, 'settings.json');
    const good = readFileSync(file, 'utf8');
    const broken = good.replace('"number": "102"', '"number": "101"');
    expect(broken).not.toBe(good);
    writeFileSync(file, broken);

    const second = await Instance.start({ dataDir });
    try {
      await second.login();
      const { faults, phones } = await second.live();
      expect(faults).toContainEqual(
        expect.objectContaining({
          code: 'settings.invalid',
          message: expect.stringMatching(/extensions\.1\.number.*101/),
        }),
      );
      expect(phones.map((phone) => phone.number)).toContain('102');
      const phone = await WirePhone.open({ number: '102', secret: secrets['102'], server: second.sip });
      await phone.register();
      await phone.register(0);
      phone.close();
      await second.assertIdle();
      expect(readFileSync(file, 'utf8'), 'what was edited is still there').toBe(broken);
    } finally {
      await second.stop();
    }
  });
});

describe('a port that another program has', () => {
  let other: Server;
  const take = async (port: number): Promise<void> => {
    other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  };
  afterEach(() => new Promise((resolve) => other.close(resolve)));

  it.each([
    ['sip', 'CORDBOARD_SIP_PORT'],
    ['sips', 'CORDBOARD_SIPS_PORT'],
    ['http', 'CORDBOARD_HTTP_PORT'],
    ['drachtio', 'CORDBOARD_DRACHTIO_PORT'],
  ] as const)('for %s ends the start at once, naming the port and %s', async (name, variable) => {
    const own = await ports();
    await take(own[name]);
    const { status, output, afterMs } = await failsToStart({ settings: office(5060), ports: own });
    expect(output).toMatch(new RegExp(`port ${own[name]}\\b.*${variable}`));
    expect(output, 'no crash loop').not.toContain('started again');
    expect(status).toBe(1);
    expect(afterMs).toBeLessThan(15_000);
  });

  it('for browser calls costs only those: phones work, and the port and its variable are named', async () => {
    const own = await ports();
    await take(own.webrtc);
    const box = await Instance.start({ dataDir, settings: office(5060), ports: own });
    try {
      expect(box.output).toMatch(new RegExp(`port ${own.webrtc}\\b.*CORDBOARD_WEBRTC_PORT`));
      const phone = await WirePhone.open({ number: '101', secret: secrets['101'], server: box.sip });
      await phone.register();
      phone.close();
      await box.assertIdle();
    } finally {
      await box.stop();
    }
  });
});
