/** Connections on real sockets under a virtual clock. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import type { SipMessage } from '../../../src/codec/sip-message.ts';
import { ConnectionLimits } from '../../../src/sip-engine/connection-limits.ts';
import type { Flow } from '../../../src/sip-engine/flow.ts';
import { StreamTransport } from '../../../src/sip-engine/stream-transport.ts';
import { tcpWire } from '../../../src/sip-engine/stream-wire.ts';
import { eventually } from '../../support/eventually.ts';
import { freePorts } from '../../support/free-ports.ts';

const minuteMs = 60_000;
const message = [
  'OPTIONS sip:x@127.0.0.1 SIP/2.0',
  'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1',
  'Call-ID: one',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

describe('a connection', () => {
  let clock: VirtualClock;
  let port: number;
  let transport: StreamTransport;
  let isKnown: boolean;
  let heard: { message: SipMessage; flow: Flow }[];
  let malformed: string[];
  let sockets: Socket[];

  beforeEach(async () => {
    clock = new VirtualClock();
    port = await freePorts();
    isKnown = false;
    heard = [];
    malformed = [];
    sockets = [];
    transport = new StreamTransport({
      wire: tcpWire,
      bind: '127.0.0.1',
      port,
      clock,
      upkeepClock: clock,
      log: silentLogger,
      limits: new ConnectionLimits({ isKnown: () => isKnown }),
      events: {
        message: (each, flow) => heard.push({ message: each, flow }),
        admits: () => true,
        isKnown: () => isKnown,
        malformed: (problem) => malformed.push(problem),
        tap: () => {},
        isTapped: () => false,
      },
    });
    await transport.start();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await transport.stop();
    clock.advance(120 * minuteMs);
    expect(transport.connectionCount).toBe(0);
  });

  interface Peer {
    socket: Socket;
    got: () => string;
  }
  async function open(): Promise<Peer> {
    const before = transport.connectionCount;
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let got = '';
    socket.on('data', (chunk: Buffer) => {
      got += chunk.toString();
    });
    socket.on('error', () => {});
    await eventually('it is open', () => transport.connectionCount === before + 1);
    return { socket, got: () => got };
  }
  /** Lets `ms` pass in steps, and what follows from them happen. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10_000) clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  async function say(peer: Peer, text: string, count = 1): Promise<void> {
    const before = heard.length;
    peer.socket.write(text);
    await eventually('it is heard', () => heard.length === before + count);
  }
  const isClosed = (peer: Peer): Promise<unknown> => eventually('it is closed', () => peer.socket.closed);

  it('that says nothing for 30 s is closed, and one that only keeps itself alive, too', async () => {
    const silent = await open();
    const pinging = await open();
    pinging.socket.write('\r\n\r\n');
    await eventually('a pong comes', () => pinging.got() === '\r\n');
    await pass(20_000);
    expect(transport.connectionCount).toBe(2);
    pinging.socket.write('\r\n\r\n');
    await eventually('another pong comes', () => pinging.got() === '\r\n\r\n');
    await pass(20_000);
    await isClosed(silent);
    await isClosed(pinging);
  });

  it('that begins a message and does not end it is closed 30 s later, whatever else of it comes', async () => {
    const slow = await open();
    await say(slow, message + message.slice(0, 20));
    const other = await open();
    clock.advance(29_000);
    slow.socket.write(message.slice(20, 40));
    await say(other, message); // what was written before has come, too
    clock.advance(2_000);
    await isClosed(slow);
    expect(heard).toHaveLength(2);
    expect(transport.connectionCount).toBe(1);
  });

  it('of a stranger is closed after 10 minutes of silence, of a known source after 65', async () => {
    const peer = await open();
    await say(peer, message);
    await pass(9 * minuteMs);
    peer.socket.write('\r\n\r\n');
    await eventually('a pong comes', () => peer.got() === '\r\n');
    await pass(9 * minuteMs);
    expect(transport.connectionCount).toBe(1);
    isKnown = true;
    await pass(30 * minuteMs);
    expect(transport.connectionCount).toBe(1);
    isKnown = false;
    await pass(minuteMs);
    await isClosed(peer);
  });

  it('that somebody needs stays', async () => {
    const peer = await open();
    await say(peer, message);
    const stop = heard[0]?.flow.onClose(() => {});
    await pass(120 * minuteMs);
    expect(transport.connectionCount).toBe(1);
    stop?.();
    await pass(minuteMs);
    await isClosed(peer);
  });

  it('brings several messages in one piece, and is used by requests to its far end', async () => {
    const peer = await open();
    await say(peer, message.repeat(3), 3);
    const flow = transport.flowTo('127.0.0.1', peer.socket.localPort ?? 0, '127.0.0.1');
    expect(flow).toBe(heard[0]?.flow);
    flow.send('hello', 'one');
    await eventually('it comes', () => peer.got() === 'hello');
  });

  it('beyond the limit of its source is closed at once, and gives way when another ends', async () => {
    const peers: Peer[] = [];
    for (let i = 0; i < 128; i++) peers.push(await open());
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {});
    await eventually('it is closed', () => socket.closed);
    peers[0]?.socket.destroy();
    await eventually('its place is free', () => transport.connectionCount === 127);
    await open();
  });

  it('that cannot be had says why in words for people', async () => {
    const nobody = await freePorts();
    const flow = transport.flowTo('127.0.0.1', nobody, 'localhost');
    const reason = await new Promise<string>((resolve) => {
      flow.send('x', 'one', (error) => resolve(error.message));
    });
    expect(reason).toBe('connection refused');
  });
});
