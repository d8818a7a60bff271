import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock, VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import type { TappedMessage } from '../../../src/codec/engine-control.ts';
import { maskSecrets } from '../../../src/store/sip-mask.ts';
import { SipTrace } from '../../../src/store/sip-trace.ts';

let directory: string;
let clock: VirtualClock;
const open: SipTrace[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-trace-'));
  clock = new VirtualClock();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((trace) => trace.stop()));
});

function start(more: Partial<ConstructorParameters<typeof SipTrace>[0]> = {}): SipTrace {
  // Virtual where the rules look at time; the thread's own retries never come into it.
  const time: Clock = {
    now: () => clock.now(),
    monotonic: systemClock.monotonic,
    after: (d, a) => clock.after(d, a),
  };
  const trace = new SipTrace({
    file: join(directory, 'sip-trace.db'),
    clock: time,
    log: silentLogger,
    ...more,
  });
  open.push(trace);
  trace.start();
  return trace;
}

async function restart(more: Partial<ConstructorParameters<typeof SipTrace>[0]> = {}): Promise<SipTrace> {
  await open.pop()?.stop();
  return start(more);
}

let atMs = 0;
function message(callId: string, text: string): TappedMessage {
  return {
    atMs: ++atMs,
    direction: 'in',
    transport: 'udp',
    localAddress: '192.0.2.1',
    localPort: 5060,
    remoteAddress: '192.0.2.7',
    remotePort: 5062,
    callId,
    text,
  };
}

const invite = (callId: string, more = ''): TappedMessage =>
  message(callId, `INVITE sip:100@192.0.2.1 SIP/2.0\r\nCall-ID: ${callId}\r\n${more}\r\n`);

const firstLines = (messages: TappedMessage[]): string[] => messages.map((m) => m.text.split(' ')[0] ?? '');

describe('the SIP trace', () => {
  it('shows a living call from memory and an ended one from disk, in order of time', async () => {
    const trace = start();
    trace.add(invite('a@1'));
    trace.add(message('b@2', 'INVITE sip:ann@192.0.2.9 SIP/2.0\r\n\r\n'));
    trace.add(message('a@1', 'ACK sip:100@192.0.2.1 SIP/2.0\r\n\r\n'));
    trace.add(message('other@3', 'INVITE sip:x SIP/2.0\r\n\r\n'));
    expect(firstLines(await trace.ladder('c1', ['a@1', 'b@2']))).toEqual(['INVITE', 'INVITE', 'ACK']);
    trace.save('c1', ['a@1', 'b@2']);
    trace.add(message('a@1', 'BYE sip:100@192.0.2.1 SIP/2.0\r\n\r\n'));
    clock.advance(5500);
    expect([trace.holds('a@1'), trace.holds('b@2'), trace.holds('other@3')]).toEqual([false, false, true]);
    const again = await restart();
    expect(firstLines(await again.ladder('c1'))).toEqual(['INVITE', 'INVITE', 'ACK', 'BYE']);
    expect(await again.ladder('c2')).toEqual([]);
  });

  it('adds what a second save brings, and saves what is awaited when it is stopped', async () => {
    const trace = start();
    trace.add(invite('a@1'));
    trace.save('c1', ['a@1']);
    clock.advance(5500);
    trace.add(message('a@1', 'BYE sip:100 SIP/2.0\r\n\r\n'));
    trace.save('c1', ['a@1']);
    expect(firstLines(await (await restart()).ladder('c1'))).toEqual(['INVITE', 'BYE']);
  });

  it('holds no more than its memory: registrations never push a call out, silent calls go before busy ones', () => {
    const trace = start({ maxBytes: 80_000 });
    trace.add(invite('silent@1', `X: ${'x'.repeat(5000)}\r\n`));
    trace.add(invite('busy@1'));
    for (let n = 0; n < 500; n++)
      trace.add(message(`r${n}`, `REGISTER sip:h SIP/2.0\r\n${'x'.repeat(1000)}`));
    expect(trace.bytesHeld).toBeLessThanOrEqual(80_000);
    expect(trace.holds('silent@1')).toBe(true);
    for (let n = 0; n < 20; n++) {
      trace.add(invite(`n${n}@1`, `X: ${'x'.repeat(5000)}\r\n`));
      trace.add(message('busy@1', 'INFO sip:100 SIP/2.0\r\n\r\n'));
    }
    expect(trace.bytesHeld).toBeLessThanOrEqual(80_000);
    expect([trace.holds('silent@1'), trace.holds('busy@1')]).toEqual([false, true]);
  });

  it.each(['503 Service Unavailable', '407 Proxy Authentication Required', '404 Not Found', '603 Decline'])(
    'a flood of calls refused by %s pushes no living call out, and each keeps its ladder for a while',
    async (refusal) => {
      const trace = start({ maxBytes: 80_000 });
      trace.add(invite('living@1'));
      trace.add(message('living@1', 'SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n'));
      // A change that is refused does not end a call.
      trace.add(message('living@1', 'SIP/2.0 491 Request Pending\r\nCSeq: 2 INVITE\r\n\r\n'));
      const refuse = (callId: string): void => {
        trace.add(invite(callId, `X: ${'x'.repeat(1000)}\r\n`));
        trace.add(message(callId, `SIP/2.0 ${refusal}\r\nCSeq: 1 INVITE\r\n\r\n`));
        trace.add(message(callId, 'ACK sip:100@192.0.2.1 SIP/2.0\r\n\r\n'));
      };
      for (let n = 0; n < 500; n++) refuse(`flood${n}@1`);
      expect(trace.holds('living@1')).toBe(true);
      expect(trace.bytesHeld).toBeLessThanOrEqual(12_000);
      expect(firstLines(await trace.ladder('c1', ['flood499@1']))).toEqual(['INVITE', 'SIP/2.0', 'ACK']);
    },
  );

  it('of one endless dialogue keeps beginning and end', async () => {
    const trace = start({ maxBytesPerDialogue: 10_000 });
    trace.add(invite('a@1'));
    for (let n = 0; n < 1000; n++) trace.add(message('a@1', `INFO${n} sip:100 SIP/2.0\r\n${'x'.repeat(80)}`));
    const names = firstLines(await trace.ladder('c1', ['a@1']));
    expect(names.slice(0, 3)).toEqual(['INVITE', 'INFO0', 'INFO1']);
    expect(names.at(-1)).toBe('INFO999');
    expect(trace.bytesHeld).toBeLessThanOrEqual(10_000);
  });

  it('on disk lets the oldest calls go, by size and by age', async () => {
    const noise = (seed: string): string =>
      Array.from({ length: 300 }, (_, i) =>
        Math.sin(i + seed.length * 7 + seed.charCodeAt(0)).toString(36),
      ).join();
    const day = 86_400_000;
    const trace = start({ limits: { maxBytes: 10_000, maxAgeMs: day } });
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      trace.add(invite(id, noise(id)));
      trace.save(id, [id]);
      clock.advance(10_000);
    }
    const kept: string[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e']) if ((await trace.ladder(id)).length > 0) kept.push(id);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(5);
    expect(kept.at(-1)).toBe('e');
    clock.advance(2 * day);
    trace.add(invite('f'));
    trace.save('f', ['f']);
    clock.advance(10_000);
    expect(await trace.ladder('e')).toEqual([]);
    expect(await trace.ladder('f')).toHaveLength(1);
  });

  it('never has a secret in memory or on disk', async () => {
    const trace = start();
    const secretText =
      'Authorization: Digest username="101", nonce="n1", response="5ec2e75ec2e7",\r\n cnonce="c11ence"\r\n';
    trace.add(invite('a@1', secretText));
    const [shown] = await trace.ladder('c1', ['a@1']);
    expect(shown?.text).toContain('username="101", nonce="n1", response="xxxxxxxxxxxx"');
    trace.save('c1', ['a@1']);
    await open.pop()?.stop();
    for (const name of await readdir(directory))
      expect((await readFile(join(directory, name))).includes('5ec2e7')).toBe(false);
    expect(JSON.stringify(await start().ladder('c1'))).not.toMatch(/5ec2e7|c11ence/);
  });
});

describe('the mask of SIP messages', () => {
  it.each([
    [
      'Proxy-Authorization: Digest response=abc123, uri="sip:h"',
      'Proxy-Authorization: Digest response=xxxxxx, uri="sip:h"',
    ],
    ['authorization :DIGEST a=1,RESPONSE = "abc"', 'authorization :DIGEST a=1,RESPONSE = "xxx"'],
    ['Authorization: Basic YWxhZGRpbg==', 'Authorization: Basic xxxxxxxxxxxx'],
    [
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20|1:4',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxx|2^20|1:4',
    ],
    [
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|1:4;inline:b3RoZXI=|2:4 WSH=64',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxx|1:4;inline:xxxxxxxx|2:4 WSH=64',
    ],
    ['k=base64:c2VjcmV0', 'k=base64:xxxxxxxx'],
    ['a=ice-pwd:asd88fgpdd777', 'a=ice-pwd:xxxxxxxxxxxxx'],
    ['WWW-Authenticate: Digest nonce="abc", realm="r"', 'WWW-Authenticate: Digest nonce="abc", realm="r"'],
    ['Signal=5\r\nDuration=160', 'Signal=5\r\nDuration=160'],
    ['X-Response: response="kept"', 'X-Response: response="kept"'],
  ])('makes %j into %j', (line, masked) => {
    const around = (text: string): string => `INFO sip:a SIP/2.0\r\nVia: x\r\n${text}\r\nTo: y\r\n\r\n`;
    expect(maskSecrets(around(line))).toBe(around(masked));
  });
});
