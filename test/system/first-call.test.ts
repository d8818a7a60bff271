import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { level, readWav, toneShare } from '../support/sound.ts';

/** The middle of a sound, without what is cut at its ends. */
function middle(samples: Int16Array): Int16Array {
  return samples.subarray(Math.floor(samples.length * 0.3), Math.floor(samples.length * 0.7));
}

describe('a first call with real phones', () => {
  let box: Instance;
  let carrier: Carrier;
  const phones: Baresip[] = [];
  const start = async (options: Parameters<typeof Baresip.start>[0]): Promise<Baresip> => {
    const phone = await Baresip.start(options);
    phones.push(phone);
    return phone;
  };
  const agentPhone = (user: '101' | '102' | '103', toneHz: number, more: object = {}): Promise<Baresip> =>
    start({ user, server: box.sip, password: secrets[user], toneHz, ...more });
  const customer = (toneHz: number): Promise<Baresip> =>
    start({ user: '+36301112233', server: box.sip, toneHz, register: false, address: carrierAddress });

  beforeAll(async () => {
    carrier = await openCarrier();
    box = await Instance.start({ settings: office(carrier.port) });
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

  it('comes through trunk, menu and queue to an agent; each hears exactly the other; recording and log keep it', async () => {
    const anna = await agentPhone('101', 700);
    const caller = await customer(500);
    caller.dial('3612345678');
    await caller.waitFor('CALL_ESTABLISHED');
    const menu = await eventually('the call is in the menu', async () =>
      (await box.live()).calls.find((c) => c.phase === 'ivr'),
    );
    expect(menu.from).toBe('+36301112233');
    await caller.press('1');
    await anna.waitFor('CALL_INCOMING');
    const offered = (await box.live()).calls[0];
    expect(offered?.phase).toBe('offering');
    anna.accept();
    await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
    const talked = performance.now();
    await eventually('three seconds of talk', () => performance.now() - talked > 3000);
    anna.hangUp();
    await caller.waitFor('CALL_CLOSED');
    const callId = menu.callId;
    const logged = await eventually('the call is in the log', async () => {
      const { json } = await box.api('GET', `/calls/${callId}`);
      return json?.phase === 'ended' ? json : undefined;
    });

    const annaHeard = middle(anna.heard()[0] ?? new Int16Array());
    expect(toneShare(annaHeard, 500)).toBeGreaterThan(0.95);
    expect(toneShare(annaHeard, 700)).toBeLessThan(0.01);
    const callerHeard = caller.heard()[0] ?? new Int16Array();
    const lastSeconds = callerHeard.subarray(callerHeard.length - 16_000, callerHeard.length - 2000);
    expect(toneShare(lastSeconds, 700)).toBeGreaterThan(0.95);
    expect(toneShare(lastSeconds, 500)).toBeLessThan(0.01);
    expect(level(callerHeard.subarray(4000, 16_000)), 'the greeting is heard').toBeGreaterThan(0.01);

    expect(logged).toMatchObject({
      direction: 'inbound',
      queueId: 'sales',
      agentId: 'anna',
      abandoned: false,
    });
    expect(logged.termination.reason).toBe('agent-hung-up');
    expect(logged.talkMs).toBeGreaterThan(2800);
    const codes = logged.trace.map((note: { code: string }) => note.code);
    expect(codes).toEqual(expect.arrayContaining(['dial.trunk-inbound', 'ivr.chosen', 'queue.longest-idle']));

    const recording = logged.recordings[0];
    expect(recording.state).toBe('done');
    const sound = await box.api('GET', `/recordings/${recording.recordingId}`);
    expect(sound.status).toBe(200);
    const dir = mkdtempSync(join(tmpdir(), 'cordboard-test-'));
    try {
      const file = join(dir, 'talk.wav');
      writeFileSync(file, sound.body);
      const { channels } = readWav(file);
      const [left = new Int16Array(), right = new Int16Array()] = channels;
      expect(left.length / 8).toBeGreaterThan(2500);
      expect(toneShare(middle(left), 500)).toBeGreaterThan(0.95);
      expect(toneShare(middle(right), 700)).toBeGreaterThan(0.95);

      const ladder = (await box.api('GET', `/calls/${callId}/ladder`)).json;
      const labels = ladder.messages.map((m: { label: string }) => m.label);
      expect(labels.some((l: string) => l.startsWith('INVITE'))).toBe(true);
      expect(labels.some((l: string) => l.startsWith('BYE'))).toBe(true);
      const pcap = join(dir, 'call.pcap');
      writeFileSync(pcap, (await box.api('GET', `/calls/${callId}/pcap`)).body);
      const read = execFileSync('tshark', ['-r', pcap, '-d', `udp.port==${box.ports.sip},sip`, '-Y', 'sip'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(read).toContain('INVITE');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
