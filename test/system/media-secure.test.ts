/** SRTP against ffmpeg's own implementation: it sends to one leg and hears the other, each with another suite. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RemoteMedia, SrtpMedia } from '../../src/codec/media-control.ts';
import type { SrtpSuite } from '../../src/codec/sdes.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { clearest, readWav } from '../support/sound.ts';

const toneHz = 600;
const key = (fill: number): string => Buffer.alloc(30, fill).toString('base64');

/**
 * What ffmpeg calls the suites when it sends. By its SDES name it shortens the tag of RTCP with that of RTP, against
 * RFC 4568 section 6.2; by its DTLS name it does not.
 */
const ffmpegName: Partial<Record<SrtpSuite, string>> = {
  AES_CM_128_HMAC_SHA1_80: 'AES_CM_128_HMAC_SHA1_80',
  AES_CM_128_HMAC_SHA1_32: 'SRTP_AES128_CM_HMAC_SHA1_32',
};

let engine: MediaEngineProcess;
const programs: ChildProcess[] = [];

beforeEach(async () => {
  engine = await startMediaEngine({ from: 22_300, to: 22_399, webrtc: 22_398 });
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map(end));
  await engine.stop();
});

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill('SIGTERM');
  await exited;
}

function ffmpeg(args: string[]): ChildProcess {
  const program = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  programs.push(program);
  return program;
}

function remote(port: number, srtp: SrtpMedia, direction: RemoteMedia['direction']): RemoteMedia {
  return {
    address: '127.0.0.1',
    port,
    codec: 'PCMU',
    payloadType: 0,
    ptimeMs: 20,
    direction,
    symmetric: false,
    srtp,
  };
}

test.each([
  ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'],
  ['AES_CM_128_HMAC_SHA1_32', 'AES_CM_128_HMAC_SHA1_80'],
] as [SrtpSuite, SrtpSuite][])('what ffmpeg encrypts by %s it hears again by %s', async (said, heard) => {
  const { client, dataDir } = engine;
  const first = await freePorts(6);
  const [speaker, listener] = [first, first + 4];
  const { port } = await client.call('leg.create', { legId: 'in', bindAddress: '127.0.0.1' });
  await client.call('leg.create', { legId: 'out', bindAddress: '127.0.0.1' });

  const sdp = join(dataDir, 'listener.sdp');
  const wav = join(dataDir, 'heard.wav');
  writeFileSync(
    sdp,
    [
      ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
      ...[`m=audio ${listener} RTP/SAVP 0`, `a=crypto:1 ${heard} inline:${key(3)}`, ''],
    ].join('\r\n'),
  );
  const hearing = ffmpeg([
    ...['-protocol_whitelist', 'file,crypto,srtp,rtp,udp', '-i', sdp],
    ...['-t', '3', '-y', wav],
  ]);
  const ended = once(hearing, 'exit');
  await eventually('ffmpeg listens', () => isTaken(listener));
  const keysOut = { suite: heard, sendKey: key(3), receiveKey: key(4), receiveMkiBytes: 0 };
  await client.call('leg.remote', { legId: 'out', remote: remote(listener, keysOut, 'sendonly') });
  const keysIn = { suite: said, sendKey: key(1), receiveKey: key(2), receiveMkiBytes: 0 };
  await client.call('leg.remote', { legId: 'in', remote: remote(speaker, keysIn, 'recvonly') });
  await client.call('bridge.join', { bridgeId: 'x', legIds: ['in', 'out'] });
  ffmpeg([
    ...['-re', '-f', 'lavfi', '-i', `sine=frequency=${toneHz}:sample_rate=8000:samples_per_frame=160`],
    ...[
      '-c:a',
      'pcm_mulaw',
      '-f',
      'rtp',
      '-srtp_out_suite',
      ffmpegName[said] ?? '',
      '-srtp_out_params',
      key(2),
    ],
    `srtp://127.0.0.1:${port}?localrtpport=${speaker}&pkt_size=184`,
  ]);
  await ended;

  const sound = readWav(wav).channels[0] ?? new Int16Array();
  expect(sound.length).toBeGreaterThan(20_000);
  expect(clearest(sound.subarray(-8000), toneHz)).toBeGreaterThan(0.95);
  const { quality } = await client.call('leg.quality', { legId: 'in' });
  expect(quality.packetsReceived).toBeGreaterThan(50);
  // Its RTCP is in there too: nothing was refused.
  expect(quality.srtp).toEqual({ suite: said, throughout: true, rejected: 0 });
});

test('what a stranger sends to an encrypted leg is dropped before anything is deciphered', async () => {
  const { client } = engine;
  const { port } = await client.call('leg.create', { legId: 'in', bindAddress: '127.0.0.1' });
  const keys = {
    suite: 'AES_CM_128_HMAC_SHA1_80',
    sendKey: key(1),
    receiveKey: key(2),
    receiveMkiBytes: 0,
  } as const;
  const peer = createSocket('udp4').bind(0, '127.0.0.1');
  const stranger = createSocket('udp4').bind(0, '127.0.0.2');
  try {
    await Promise.all([peer, stranger].map((socket) => once(socket, 'listening')));
    await client.call('leg.remote', { legId: 'in', remote: remote(peer.address().port, keys, 'recvonly') });
    const forged = Buffer.alloc(182, 0x55);
    forged.writeUInt16BE(0x8000, 0);
    for (let n = 0; n < 20; n++) stranger.send(forged, port, '127.0.0.1');
    for (let n = 0; n < 5; n++) peer.send(forged, port, '127.0.0.1');
    await eventually('the counts', async () => {
      const { quality } = await client.call('leg.quality', { legId: 'in' });
      return quality.foreignDropped === 20 && quality.srtp?.rejected === 5 && quality.packetsReceived === 0;
    });
  } finally {
    peer.close();
    stranger.close();
  }
});

async function isTaken(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return false;
  } catch {
    return true;
  } finally {
    socket.close();
  }
}
