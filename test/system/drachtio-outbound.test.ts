/** drachtio's outbound mode: the engine connects to the application for each new request. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import Srf from 'drachtio-srf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { encodeFrame } from '../../src/codec/drachtio-wire.ts';
import { readConfig } from '../../src/config.ts';
import { SipEngine } from '../../src/sip-engine/sip-engine.ts';
import { timingWithT1 } from '../../src/sip-engine/timing.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  offer,
  SipPeer,
  sdp,
  secret,
} from './sip-engine-support.ts';

type Listening = App & { listen(options: object): void; endSession(request: AppRequest): void };

let engine: SipEngine;
let peer: SipPeer;
let handlerPort: number;

beforeEach(async () => {
  const sipPort = await freePorts(3);
  handlerPort = sipPort + 2;
  engine = new SipEngine({
    bind: ['127.0.0.1'],
    sipPort,
    drachtioPort: sipPort + 1,
    drachtioSecret: secret,
    clock: systemClock,
    log: silentLogger,
    timing: timingWithT1(15),
    handler: { host: '127.0.0.1', port: handlerPort },
  });
  await engine.start();
  peer = await SipPeer.open(sipPort);
});

afterEach(async () => {
  await eventually('nothing is left', () => {
    const { transactions, dialogs, timers, wireClients } = engine.stats();
    return transactions + dialogs + timers + wireClients === 0;
  });
  peer.close();
  await engine.stop();
});

/** An application that listens, spoken by hand. */
async function listener(accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept);
  server.listen(handlerPort, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('an application the engine connects to', () => {
  it('gets one request over each connection, keeps its dialog there, and ends it with endSession', async () => {
    const app = new Srf() as unknown as Listening;
    let dialog: AppDialog | undefined;
    app.on('error', () => {});
    app.invite(async (request, response) => {
      dialog = await app.createUAS(request, response, { localSdp: sdp('sendrecv', 5000) });
      dialog.on('destroy', () => app.endSession(request));
    });
    const server = await listener(() => {});
    app.listen({ server, secret });
    for (let i = 0; i < 2; i++) {
      peer.send(peer.request('INVITE', { body: offer }));
      const accepted = await peer.hearsStatus(200, 'INVITE');
      peer.acknowledge(accepted);
      expect(engine.stats().wireClients).toBe(1);
      await eventually('createUAS resolves', () => dialog);
      peer.send(peer.inDialog('BYE', accepted, 2));
      await peer.hearsStatus(200, 'BYE');
      await eventually('the connection is closed', () => engine.stats().wireClients === 0);
      dialog = undefined;
    }
    server.close();
  });

  it('that does not listen lets the caller hear 480', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    const refusal = await peer.hearsStatus(480, 'INVITE');
    peer.send(peer.inDialog('ACK', refusal, 1).set('Via', invite.get('via') ?? ''));
    peer.send(peer.request('OPTIONS'));
    await peer.hearsStatus(480, 'OPTIONS');
  });

  it('that knows a wrong secret gets no request', async () => {
    let heard = '';
    const server = await listener((socket) => {
      socket.on('data', (data) => {
        heard += data.toString();
      });
      socket.on('error', () => {});
      socket.write(encodeFrame('1|authenticate|wrong|'));
    });
    peer.send(peer.request('OPTIONS'));
    await peer.hearsStatus(480, 'OPTIONS');
    expect(heard).toContain('NO|incorrect secret');
    expect(heard).not.toContain('OPTIONS');
    server.close();
  });

  it('is not given a call that was cancelled while it was being connected to', async () => {
    let heard = '';
    const sockets: Socket[] = [];
    const server = await listener((socket) => {
      sockets.push(socket);
      socket.on('data', (data) => {
        heard += data.toString();
      });
      socket.on('error', () => {});
    });
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    const socket = await eventually('the engine connects', () => sockets[0]);
    peer.send(peer.request('CANCEL', { callId: invite.callId }).set('Via', invite.get('via') ?? ''));
    const ended = await peer.hearsStatus(487, 'INVITE');
    peer.send(peer.inDialog('ACK', ended, 1).set('Via', invite.get('via') ?? ''));
    socket.write(encodeFrame(`1|authenticate|${secret}|`));
    await once(socket, 'close');
    expect(heard).not.toContain('INVITE');
    server.close();
  });

  it('is named by CORDBOARD_SIP_HANDLER', () => {
    const named = (text: string): unknown => readConfig({ CORDBOARD_SIP_HANDLER: text }).sipHandler;
    expect(named('tcp://127.0.0.1:3001')).toEqual({ host: '127.0.0.1', port: 3001 });
    expect(named('tcp://[::1]:3001')).toEqual({ host: '::1', port: 3001 });
    expect(named('')).toBeNull();
    expect(() => named('http://127.0.0.1:3001')).toThrow('CORDBOARD_SIP_HANDLER must be tcp://host:port');
  });
});
