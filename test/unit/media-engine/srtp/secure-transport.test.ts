import { beforeEach, expect, it } from 'vitest';
import type { SrtpMedia } from '../../../../src/codec/media-control.ts';
import { rtpHeaderBytes, writeRtpHeader } from '../../../../src/codec/rtp.ts';
import { type SrtpSuite, srtpKeySizes } from '../../../../src/codec/sdes.ts';
import { SecureTransport } from '../../../../src/media-engine/edge/secure-transport.ts';

function key(suite: SrtpSuite, fill: number): string {
  return Buffer.alloc(srtpKeySizes[suite].key + srtpKeySizes[suite].salt, fill).toString('base64');
}

function keys(send: number, receive: number, suite: SrtpSuite = 'AES_CM_128_HMAC_SHA1_80'): SrtpMedia {
  return { suite, sendKey: key(suite, send), receiveKey: key(suite, receive), receiveMkiBytes: 0 };
}

/** The other end, seen from it. */
const mirrored = (srtp: SrtpMedia): SrtpMedia => ({
  ...srtp,
  sendKey: srtp.receiveKey,
  receiveKey: srtp.sendKey,
});

class End {
  readonly sent: Buffer[] = [];
  readonly sentRtcp: Buffer[] = [];
  readonly transport = new SecureTransport({
    port: 4000,
    family: 4,
    sendRtp: (packet, offset, length) =>
      this.sent.push(Buffer.from(packet.subarray(offset, offset + length))),
    sendRtcp: (packet) => this.sentRtcp.push(Buffer.from(packet)),
  });
  #sequence = 0;

  /** Sends a packet; what is on the wire. */
  say(text: string): Buffer {
    const packet = Buffer.alloc(rtpHeaderBytes + text.length);
    writeRtpHeader(packet, 0, false, 0, this.#sequence++, 0, 1);
    packet.write(text, rtpHeaderBytes, 'latin1');
    this.transport.sendRtp(packet, 0, packet.length, '10.0.0.1', 5000);
    return this.sent.at(-1) as Buffer;
  }

  hear(packet: Buffer): string | undefined {
    return this.transport.openRtp(Buffer.from(packet))?.toString('latin1', rtpHeaderBytes);
  }
}

let a: End;
let b: End;

beforeEach(() => {
  a = new End();
  b = new End();
});

function agree(srtp: SrtpMedia | undefined): void {
  a.transport.configure(srtp ? { srtp } : {});
  b.transport.configure(srtp ? { srtp: mirrored(srtp) } : {});
}

it('passes packets untouched where nothing is encrypted', () => {
  agree(undefined);
  const wire = a.say('hello');
  expect(wire.toString('latin1')).toContain('hello');
  expect(b.hear(wire)).toBe('hello');
  expect(b.transport.encryption).toBeUndefined();
});

it('encrypts both ways, RTCP too', () => {
  agree(keys(1, 2));
  expect(a.say('hello').toString('latin1')).not.toContain('hello');
  expect(b.hear(a.say('there'))).toBe('there');
  expect(a.hear(b.say('hello'))).toBe('hello');
  const report = Buffer.from('80c9000100000001', 'hex');
  a.transport.sendRtcp(report, '10.0.0.1', 5001);
  expect(b.transport.openRtcp(a.sentRtcp.at(-1) as Buffer)).toEqual(report);
  expect(b.transport.encryption).toEqual({ suite: 'AES_CM_128_HMAC_SHA1_80', throughout: true, rejected: 0 });
});

it('drops and counts plain, forged and repeated packets', () => {
  const plain = a.say('plain');
  agree(keys(1, 2));
  expect(b.hear(plain)).toBeUndefined();
  const wire = a.say('hello');
  expect(b.hear(wire)).toBe('hello');
  expect(b.hear(wire)).toBeUndefined();
  wire[20] = (wire[20] ?? 0) ^ 1;
  expect(b.hear(wire)).toBeUndefined();
  expect(b.hear(Buffer.from('0001000021120442', 'hex'))).toBeUndefined(); // a keepalive by STUN is no attack
  expect(b.transport.encryption?.rejected).toBe(3);
});

it('goes on where it was when the keys are negotiated again unchanged', () => {
  agree(keys(1, 2));
  const first = a.say('one');
  expect(b.hear(first)).toBe('one');
  agree(keys(1, 2));
  expect(b.hear(first)).toBeUndefined(); // the replay window is the same
  expect(b.hear(a.say('two'))).toBe('two');
});

it('opens what was under way when the peer changed its key, until the new key is heard', () => {
  agree(keys(1, 2));
  const before = [a.say('one'), a.say('two'), a.say('late')];
  expect(b.hear(before[0] as Buffer)).toBe('one');
  agree(keys(3, 2));
  expect(b.hear(before[1] as Buffer)).toBe('two');
  expect(b.hear(a.say('three'))).toBe('three');
  expect(b.hear(before[2] as Buffer)).toBeUndefined();
  expect(a.hear(b.say('unchanged'))).toBe('unchanged');
});

it('changes the suite', () => {
  agree(keys(1, 2));
  expect(b.hear(a.say('one'))).toBe('one');
  agree(keys(5, 6, 'AEAD_AES_128_GCM'));
  expect(b.hear(a.say('two'))).toBe('two');
  expect(b.transport.encryption?.suite).toBe('AEAD_AES_128_GCM');
});

it('says when a part of the call went without', () => {
  agree(keys(1, 2));
  agree(undefined);
  expect(b.hear(a.say('plain'))).toBe('plain');
  expect(b.transport.encryption).toMatchObject({ throughout: false });
  agree(keys(3, 4));
  expect(b.hear(a.say('again'))).toBe('again');
  expect(b.transport.encryption).toMatchObject({ throughout: false });
});

it('refuses keys that do not fit the suite, and keeps what it had', () => {
  agree(keys(1, 2));
  const wrong = { ...keys(1, 2), sendKey: 'AAAA' };
  expect(() => b.transport.configure({ srtp: wrong })).toThrow(
    'a key for AES_CM_128_HMAC_SHA1_80 has 30 bytes',
  );
  expect(b.hear(a.say('still'))).toBe('still');
});
