/** Names with several servers behind them, some of them dead: a name server of ours, peers on real sockets. */
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SipStreamFramer } from '../../src/codec/sip-framer.ts';
import { parseSipMessage, type SipMessage } from '../../src/codec/sip-message.ts';
import { responseTo } from '../../src/sip-engine/message-builder.ts';
import { timingWithT1 } from '../../src/sip-engine/timing.ts';
import { DnsServer } from '../support/dns-server.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
  offer,
  SipPeer,
  sdp,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

const name = 'provider.test';
/** How long a silent target keeps its turn here. */
const targetTimeoutMs = 600;

let dns: DnsServer;
let test: TestEngine;
let app: App;
let first: SipPeer;
let second: SipPeer;

/** Servers of the name by transport, in their order. */
function serve(protocol: 'udp' | 'tcp', ...ports: number[]): void {
  dns.zone.set(
    `_sip._${protocol}.${name}`,
    ports.map((port, i) => ({ type: 'SRV', priority: 10 * i, weight: 0, port, target: `host.${name}` })),
  );
}

beforeEach(async () => {
  dns = await DnsServer.start({ [`host.${name}`]: [{ type: 'A', address: '127.0.0.1' }], [name]: [] });
  test = await startEngine({ ...timingWithT1(20), targetTimeoutMs }, { dnsServers: [dns.address] });
  app = await test.connect();
  first = await SipPeer.open(test.sipPort);
  second = await SipPeer.open(test.sipPort);
  serve('udp', first.port, second.port);
});

afterEach(async () => {
  await test.finish();
  first.close();
  second.close();
  await dns.stop();
});

function dial(options: object = {}, progress: object = {}): Promise<AppDialog> {
  return app.createUAC(`sip:123@${name}`, { localSdp: offer, callingNumber: '100', ...options }, progress);
}

function answer(peer: SipPeer, invite: SipMessage): void {
  peer.answer(invite, 200, sdp('sendrecv', 5000));
}

async function hangUp(dialog: AppDialog, peer: SipPeer): Promise<void> {
  const gone = dialog.destroy();
  peer.answer(await peer.hearsRequest('BYE'), 200);
  await gone;
}

const failureOf = (call: Promise<unknown>): Promise<{ status?: number }> =>
  call.then(
    () => {
      throw new Error('the call went through');
    },
    (error) => error as { status?: number },
  );

describe('a call to a name with several servers', () => {
  it('goes to the next server when the first says nothing, and the next call goes there at once', async () => {
    const call = dial();
    const lost = await first.hearsRequest('INVITE');
    const invite = await second.hearsRequest('INVITE');
    answer(second, invite);
    const dialog = await call;
    await second.hearsRequest('ACK');
    // One request for the application and for the peers, but a transaction of its own for each (RFC 3263 §4.3).
    for (const key of ['call-id', 'cseq', 'from', 'to']) expect(invite.get(key)).toBe(lost.get(key));
    expect(invite.topVia?.branch).not.toBe(lost.topVia?.branch);
    const heard = first.countOf((message) => message.method === 'INVITE');
    await hangUp(dialog, second);

    const again = dial();
    answer(second, await second.hearsRequest('INVITE'));
    const nextDialog = await again;
    await second.hearsRequest('ACK');
    await hangUp(nextDialog, second);
    // Neither the second call nor a repetition of the first has gone to the silent server.
    expect(first.countOf((message) => message.method === 'INVITE')).toBe(heard);
  });

  it('goes to the next server at a 503 after 100, which the application does not hear of', async () => {
    const rings: number[] = [];
    const call = dial({}, { cbProvisional: (response: AppResponse) => rings.push(response.status) });
    const refused = await first.hearsRequest('INVITE');
    first.answer(refused, 100);
    first.answer(refused, 503, '', [['Retry-After', '60']]);
    const invite = await second.hearsRequest('INVITE');
    await first.hearsRequest('ACK');
    second.answer(invite, 180);
    answer(second, invite);
    const dialog = await call;
    await second.hearsRequest('ACK');
    expect(rings).toEqual([180]);
    await hangUp(dialog, second);
    // It asked for a pause: the next call spares it.
    const again = dial();
    answer(second, await second.hearsRequest('INVITE'));
    await second.hearsRequest('ACK');
    await hangUp(await again, second);
    expect(first.countOf((message) => message.method === 'INVITE')).toBe(1);
  });

  it('stays with a server that rings: its 503 then is the answer', async () => {
    const call = dial();
    const invite = await first.hearsRequest('INVITE');
    first.answer(invite, 180);
    await new Promise((resolve) => setTimeout(resolve, 1.5 * targetTimeoutMs));
    first.answer(invite, 503);
    expect(await failureOf(call)).toMatchObject({ status: 503 });
    expect(second.heard).toEqual([]);
  });

  it('ends with what the last server said, or with 408 when none said anything', async () => {
    const refused = dial();
    first.answer(await first.hearsRequest('INVITE'), 503);
    second.answer(await second.hearsRequest('INVITE'), 486);
    expect(await failureOf(refused)).toMatchObject({ status: 486 });
    const silent = dial();
    expect(await failureOf(silent)).toMatchObject({ status: 408 });
    expect(first.countOf((message) => message.method === 'INVITE')).toBeGreaterThan(1);
  });

  it('that is answered late by the server given up on is taken back there: CANCEL, or ACK and BYE', async () => {
    const call = dial();
    const slow = await first.hearsRequest('INVITE');
    const invite = await second.hearsRequest('INVITE');
    first.answer(slow, 180);
    const cancel = await first.hearsRequest('CANCEL');
    expect(cancel.topVia?.branch).toBe(slow.topVia?.branch);
    first.answer(cancel, 200);
    answer(first, slow); // it was answered before the CANCEL came
    await first.hearsRequest('ACK');
    first.answer(await first.hearsRequest('BYE'), 200);
    answer(second, invite);
    const dialog = await call;
    await second.hearsRequest('ACK');
    await hangUp(dialog, second);
  });

  it('that is cancelled while the first server is silent goes nowhere else', async () => {
    const request = await new Promise<{ cancel(options: object): void }>((resolve) => {
      dial({}, { cbRequest: (_: unknown, sent: { cancel(options: object): void }) => resolve(sent) }).catch(
        () => {},
      );
    });
    const invite = await first.hearsRequest('INVITE');
    request.cancel({});
    await new Promise((resolve) => setTimeout(resolve, 1.5 * targetTimeoutMs));
    expect(second.heard).toEqual([]);
    first.answer(invite, 100);
    const cancel = await first.hearsRequest('CANCEL');
    first.answer(cancel, 200);
    first.answer(invite, 487);
    await first.hearsRequest('ACK');
  });

  it('over TCP goes to the next server when the first refuses the connection', async () => {
    const closed = await freePorts();
    const listening = await freePorts();
    const sockets: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        sockets.push(data.toString());
        const busy = data.toString().replace(/^INVITE .*\r\n/, 'SIP/2.0 486 Busy Here\r\n');
        if (data.toString().startsWith('INVITE'))
          socket.write(busy.replace(/Content-Length: \d+[\s\S]*/, 'Content-Length: 0\r\n\r\n'));
      });
      socket.on('error', () => {});
    }).listen(listening, '127.0.0.1');
    dns.zone.delete(`_sip._udp.${name}`);
    serve('tcp', closed, listening);
    expect(await failureOf(dial())).toMatchObject({ status: 486 });
    expect(sockets[0]).toContain(`Via: SIP/2.0/TCP 127.0.0.1:${test.sipPort}`);
    await eventually('the ACK', () => sockets.some((text) => text.includes('ACK sip:')));
    server.close();
  });
});

describe('a request too large for UDP (§18.1.1)', () => {
  const large = `${offer}a=x:${'x'.repeat(1300)}\r\n`;
  let listener: Server;
  let overTcp: string[];

  beforeEach(async () => {
    const port = await freePorts();
    overTcp = [];
    listener = createServer((socket) => {
      socket.on('error', () => {});
      const framer = new SipStreamFramer({
        message: (data) => {
          overTcp.push(data.toString());
          const request = parseSipMessage(data);
          if (request?.method === 'INVITE') socket.write(responseTo(request, 486, 'tcp').serialise());
        },
        ping: () => {},
        broken: () => {},
      });
      socket.on('data', (data: Buffer) => framer.push(data));
    });
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
    serve('udp', first.port);
    serve('tcp', port);
  });
  afterEach(() => listener.close());

  it('goes over TCP where the name is served by TCP too; a small one by UDP', async () => {
    expect(await failureOf(dial({ localSdp: large }))).toMatchObject({ status: 486 });
    expect(overTcp[0]).toContain('Via: SIP/2.0/TCP');
    // The Contact stays what it would be over UDP: the peer's later requests come as ever.
    const [sent] = overTcp.map((text) => parseSipMessage(Buffer.from(text)));
    expect(sent?.get('contact')).toBe(`sip:100@127.0.0.1:${test.sipPort}`);
    const small = dial();
    first.answer(await first.hearsRequest('INVITE'), 486);
    expect(await failureOf(small)).toMatchObject({ status: 486 });
    expect(first.countOf((message) => message.body.includes('a=x:'))).toBe(0);
  });

  it('goes by UDP when the connection is refused, and the next one at once', async () => {
    await new Promise((resolve) => listener.close(resolve));
    for (let call = 0; call < 2; call++) {
      const ended = dial({ localSdp: large });
      const invite = await first.hearsRequest('INVITE');
      expect(invite.body).toContain('a=x:');
      expect(invite.topVia?.transport).toBe('UDP');
      first.answer(invite, 486);
      expect(await failureOf(ended)).toMatchObject({ status: 486 });
    }
    expect(test.engine.stats().connections).toBe(0);
  });

  it('goes by UDP to whom nobody knows to take TCP', async () => {
    const ended = dial({ localSdp: large, proxy: `sip:127.0.0.1:${first.port}` });
    const invite = await first.hearsRequest('INVITE');
    expect(invite.topVia?.transport).toBe('UDP');
    first.answer(invite, 486);
    expect(await failureOf(ended)).toMatchObject({ status: 486 });
    expect(overTcp).toEqual([]);
  });
});

describe('other requests to such a name', () => {
  it('go to the next server too at silence, and when none answers the application hears one 408', async () => {
    const ask = async (): Promise<number[]> => {
      const statuses: number[] = [];
      app.request({ uri: `sip:${name}`, method: 'OPTIONS' }, (_, request) =>
        request.on('response', (response: AppResponse) => statuses.push(response.status)),
      );
      await eventually('a final response', () => statuses.length > 0);
      return statuses;
    };
    const asked = ask();
    await first.hearsRequest('OPTIONS');
    second.answer(await second.hearsRequest('OPTIONS'), 200);
    expect(await asked).toEqual([200]);
    expect(await ask()).toEqual([408]);
  });

  it('within a call stay with the server that took it, though another one stands before it', async () => {
    // The Contact is the name itself, so that each request of the dialog is looked up.
    const call = dial();
    first.answer(await first.hearsRequest('INVITE'), 503);
    const invite = await second.hearsRequest('INVITE');
    second.answer(invite, 200, sdp('sendrecv', 5000), [
      ['Contact', `<sip:gw@${name}>`],
      ['Record-Route', `<sip:${name};lr>`],
    ]);
    const dialog = await call;
    await second.hearsRequest('ACK');
    // Slow, or short of something, it still has the call; the others know nothing of it.
    const slow = dialog.request({ method: 'INFO' });
    const info = await second.hearsRequest('INFO');
    await new Promise((resolve) => setTimeout(resolve, 1.5 * targetTimeoutMs));
    second.answer(info, 200);
    expect((await slow).status).toBe(200);
    const short = dialog.request({ method: 'INFO' });
    second.answer(await second.hearsRequest('INFO'), 503);
    expect((await short).status).toBe(503);
    await hangUp(dialog, second);
    expect(first.heard.filter((message) => message.method !== 'INVITE' && message.method !== 'ACK')).toEqual(
      [],
    );
  });

  it('by NAPTR go by the transport that the name wants, and to 503 when it has no server', async () => {
    dns.zone.set(name, [
      {
        type: 'NAPTR',
        order: 1,
        preference: 1,
        flags: 's',
        service: 'SIP+D2U',
        replacement: `_sip._udp.farm.${name}`,
      },
    ]);
    dns.zone.set(`_sip._udp.farm.${name}`, [
      { type: 'SRV', priority: 1, weight: 1, port: second.port, target: `host.${name}` },
    ]);
    const call = dial();
    second.answer(await second.hearsRequest('INVITE'), 486);
    expect(await failureOf(call)).toMatchObject({ status: 486 });
    expect(await failureOf(app.createUAC('sip:1@nowhere.test', { localSdp: offer }))).toMatchObject({
      status: 503,
    });
    expect(first.heard).toEqual([]);
  });
});

describe('a call that is proxied to such a name', () => {
  it('goes to the next server at silence or 503, and the caller hears of one call', async () => {
    const proxy = await test.connect((each) =>
      each.invite((request) => {
        void (request as AppRequest & { proxy(options: object): Promise<unknown> }).proxy({
          destination: [`sip:bob@${name}`],
          remainInDialog: true,
        });
      }),
    );
    const caller = await SipPeer.open(test.sipPort);
    const offered = caller.send(caller.request('INVITE', { body: offer }));
    const slow = await first.hearsRequest('INVITE');
    const invite = await second.hearsRequest('INVITE');
    expect(invite.callId).toBe(offered.callId);
    second.answer(invite, 200, sdp('sendrecv', 5000));
    const answered = await caller.hearsStatus(200, 'INVITE');
    const onward = (method: string, cseq: number): SipMessage => {
      const request = caller
        .inDialog(method, answered, cseq)
        .add('Route', answered.get('record-route') ?? '');
      request.uri = second.contact.slice(1, -1);
      return caller.send(request);
    };
    onward('ACK', 1);
    await second.hearsRequest('ACK');
    // The server that was given up on wakes up: its ringing is cancelled.
    first.answer(slow, 180);
    first.answer(await first.hearsRequest('CANCEL'), 200);
    first.answer(slow, 487);
    onward('BYE', 2);
    second.answer(await second.hearsRequest('BYE'), 200);
    await caller.hearsStatus(200, 'BYE');
    expect(caller.countOf(({ status }) => status === 180)).toBe(0);
    caller.close();
    proxy.disconnect();
  });
});
