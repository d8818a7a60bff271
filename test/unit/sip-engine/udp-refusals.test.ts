import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { UdpRefusals } from '../../../src/sip-engine/udp-refusals.ts';
import { eventually } from '../../support/eventually.ts';

let clock: VirtualClock;
let own: Socket;
let peer: Socket;
let refusals: UdpRefusals;
let heard: string[];
let plain: string[];

const bound = async (options: { reuseAddr: boolean }): Promise<Socket> => {
  const socket = createSocket({ type: 'udp4', ...options });
  await new Promise<void>((resolve) => socket.bind({ address: '127.0.0.1', exclusive: true }, resolve));
  return socket;
};

beforeEach(async () => {
  clock = new VirtualClock();
  own = await bound({ reuseAddr: true });
  peer = await bound({ reuseAddr: false });
  heard = [];
  plain = [];
  refusals = watch(own);
});
afterEach(() => {
  refusals.stop();
  own.close();
  peer.close();
  expect(clock.armed).toBe(0);
});

function watch(socket: Socket): UdpRefusals {
  return new UdpRefusals({
    bind: '127.0.0.1',
    port: socket.address().port,
    clock,
    received: (data) => heard.push(data.toString()),
    sendPlain: (text) => plain.push(text),
  });
}

test('a refused datagram is told to all who sent to that port, and to nobody else', async () => {
  const told: string[] = [];
  const dead = await bound({ reuseAddr: false });
  const { port } = dead.address();
  await new Promise<void>((resolve) => dead.close(resolve));
  refusals.send('to the living', '127.0.0.1', peer.address().port, () => told.push('living'));
  expect(refusals.send('a', '127.0.0.1', port, () => told.push('a'))).toBe(true);
  expect(refusals.send('b', '127.0.0.1', port, () => told.push('b'))).toBe(true);
  await eventually('both hear of it', () => told.length === 2);
  expect(told).toEqual(['a', 'b']);
});

test('what is sent comes from our port, and what the peer answers is heard, for a second', async () => {
  const sources: number[] = [];
  peer.on('message', (data, remote) => {
    sources.push(remote.port);
    peer.send(`re ${data}`, remote.port, remote.address);
  });
  own.on('message', (data) => heard.push(`own ${data}`));
  refusals.send('one', '127.0.0.1', peer.address().port, () => {});
  await eventually('the answer comes', () => heard.length === 1);
  refusals.send('two', '127.0.0.1', peer.address().port, () => {});
  await eventually('the answer comes', () => heard.length === 2);
  clock.advance(1000);
  peer.send('late', own.address().port, '127.0.0.1');
  await eventually('the late one comes the usual way', () => heard.length === 3);
  expect(heard).toEqual(['re one', 're two', 'own late']);
  expect(new Set(sources)).toEqual(new Set([own.address().port]));
});

test('what cannot be sent so goes the usual way', async () => {
  const unshared = await bound({ reuseAddr: false });
  const blocked = watch(unshared);
  blocked.send('text', '127.0.0.1', peer.address().port, () => plain.push('refused'));
  await eventually('it goes', () => plain.length === 1);
  expect(plain).toEqual(['text']);
  unshared.close();
});

test('no more than 64 peers are watched at once', () => {
  const sent = Array.from({ length: 66 }, (_, i) => refusals.send('x', '127.0.0.1', 40_000 + i, () => {}));
  expect(sent.filter(Boolean)).toHaveLength(64);
  expect(sent.slice(64)).toEqual([false, false]);
});
