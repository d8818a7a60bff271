import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { responseTo } from '../../src/sip-engine/message-builder.ts';
import { timingWithT1 } from '../../src/sip-engine/timing.ts';
import { eventually } from '../support/eventually.ts';
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

describe.each(['udp', 'tcp'] as const)('calls that go out over %s', (protocol) => {
  let test: TestEngine;
  let peer: SipPeer;
  let app: App;
  let unsolicited: string[];

  beforeEach(async () => {
    test = await startEngine();
    unsolicited = [];
    app = await test.connect((each) => {
      each.register((request, response) =>
        response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } }),
      );
      each.use((request) => {
        if (request.method === 'BYE') unsolicited.push(request.get('Reason'));
      });
    });
    peer = await SipPeer.open(test.sipPort, protocol);
    // Over TCP the phone has opened the connection by registering, as phones do.
    peer.send(peer.request('REGISTER'));
    await peer.hearsStatus(200, 'REGISTER');
  });
  afterEach(async () => {
    await test.finish();
    peer.close();
  });

  const target = (): string => `sip:bob@127.0.0.1:${peer.port}`;
  const failureOf = (call: Promise<unknown>): Promise<{ status?: number; message: string }> =>
    call.then(
      () => {
        throw new Error('the call went through');
      },
      (error) => error as { status?: number; message: string },
    );

  function dial(options: object = {}, progress: object = {}): Promise<AppDialog> {
    return app.createUAC(target(), { localSdp: offer, callingNumber: '100', ...options }, progress);
  }
  async function answered(): Promise<{ dialog: AppDialog; invite: SipMessage }> {
    const call = dial();
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    const dialog = await call;
    await peer.hearsRequest('ACK');
    return { dialog, invite };
  }
  async function hangUp(dialog: AppDialog): Promise<void> {
    const gone = dialog.destroy();
    peer.answer(await peer.hearsRequest('BYE'), 200);
    await gone;
  }

  it('carry what the engine fills in, ring, are answered, acknowledged and ended', async () => {
    const rings: number[] = [];
    const call = dial({}, { cbProvisional: (response: AppResponse) => rings.push(response.status) });
    const invite = await peer.hearsRequest('INVITE');
    expect(invite.topVia).toMatchObject({
      transport: protocol.toUpperCase(),
      host: '127.0.0.1',
      port: test.sipPort,
    });
    expect(invite.topVia?.parameters.includes('rport')).toBe(protocol === 'udp');
    expect(invite.get('max-forwards')).toBe('70');
    expect(invite.get('from')).toContain(`sip:100@127.0.0.1:${test.sipPort}`);
    expect(invite.get('contact')).toContain(`sip:100@127.0.0.1:${test.sipPort}`);
    peer.answer(invite, 100);
    peer.answer(invite, 180);
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    const dialog = await call;
    expect(rings).toEqual([180]);
    expect(dialog.id).toBe(`${invite.callId};from-tag=${invite.fromTag}`);
    expect(dialog.remote.sdp).toContain('5000');
    const ack = await peer.hearsRequest('ACK');
    expect(ack.uri).toBe(peer.contact.slice(1, -1));
    expect(ack.cseq?.number).toBe(invite.cseq?.number);
    expect(ack.topVia?.branch).not.toBe(invite.topVia?.branch);
    await hangUp(dialog);
  });

  it('are acknowledged again when the 200 comes again', async () => {
    const { dialog, invite } = await answered();
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    await peer.hearsRequest('ACK');
    await hangUp(dialog);
  });

  it('are ended by the called side', async () => {
    const { dialog, invite } = await answered();
    const ended = new Promise((resolve) => dialog.on('destroy', (_, reason) => resolve(reason)));
    peer.send(peer.inDialogOf('BYE', invite, 1));
    await peer.hearsStatus(200, 'BYE');
    expect(await ended).toBe('normal release');
  });

  it('are held by the called side', async () => {
    const { dialog, invite } = await answered();
    const reInvite = peer.inDialogOf('INVITE', invite, 1).add('Content-Type', 'application/sdp');
    reInvite.body = sdp('sendonly', 5000);
    const heldWith = new Promise<string>((resolve) =>
      dialog.on('modify', (request: AppRequest, response: AppResponse) => {
        resolve(request.body);
        response.send(200, { body: sdp('recvonly', 4000) });
      }),
    );
    peer.send(reInvite);
    await peer.hearsStatus(100, 'INVITE');
    const ok = await peer.hearsStatus(200, 'INVITE');
    expect(await heldWith).toContain('sendonly');
    peer.send(peer.inDialogOf('ACK', invite, 1));
    expect(ok.body).toContain('recvonly');
    await hangUp(dialog);
  });

  it('that are refused are acknowledged by the engine and told', async () => {
    const failure = failureOf(dial());
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 486);
    expect(await failure).toMatchObject({ status: 486 });
    const ack = await peer.hearsRequest('ACK');
    expect(ack.topVia?.branch).toBe(invite.topVia?.branch);
  });

  it('are cancelled after they ring, with the application’s Reason', async () => {
    let sent: AppRequest | undefined;
    const failure = failureOf(
      dial(
        {},
        {
          cbRequest: (_: unknown, request: AppRequest) => {
            sent = request;
          },
        },
      ),
    );
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 180);
    sent?.cancel({ headers: { Reason: 'SIP;cause=200;text="Call completed elsewhere"' } });
    const cancel = await peer.hearsRequest('CANCEL');
    expect(cancel.topVia?.branch).toBe(invite.topVia?.branch);
    expect(cancel.get('reason')).toContain('completed elsewhere');
    peer.answer(cancel, 200);
    peer.answer(invite, 487);
    expect(await failure).toMatchObject({ status: 487 });
    await peer.hearsRequest('ACK');
  });

  it('are cancelled only once a provisional has come (§9.1)', async () => {
    let sent: AppRequest | undefined;
    const failure = failureOf(
      dial(
        {},
        {
          cbRequest: (_: unknown, request: AppRequest) => {
            sent = request;
          },
        },
      ),
    );
    const invite = await peer.hearsRequest('INVITE');
    await new Promise((resolve) => sent?.cancel({}, resolve));
    expect(peer.countOf((each) => each.method === 'CANCEL')).toBe(0);
    peer.answer(invite, 100);
    peer.answer(await peer.hearsRequest('CANCEL'), 200);
    peer.answer(invite, 487);
    expect(await failure).toMatchObject({ status: 487 });
  });

  it('whose answer overtakes the CANCEL are acknowledged and ended, and the application is told', async () => {
    let sent: AppRequest | undefined;
    const call = dial(
      {},
      {
        cbRequest: (_: unknown, request: AppRequest) => {
          sent = request;
        },
      },
    );
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 180);
    await eventually('it rings', () => sent !== undefined && test.engine.stats().dialogs === 1);
    sent?.cancel({});
    await peer.hearsRequest('CANCEL');
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    const dialog = await call;
    const ended = new Promise((resolve) => dialog.on('destroy', (_, reason) => resolve(reason)));
    await peer.hearsRequest('ACK');
    peer.answer(await peer.hearsRequest('BYE'), 200);
    expect(await ended).toBe('Request cancelled');
  });

  it('cancelled towards a phone that answers the CANCEL but never the INVITE end with 487', async () => {
    let sent: AppRequest | undefined;
    const failure = failureOf(
      dial(
        {},
        {
          cbRequest: (_: unknown, request: AppRequest) => {
            sent = request;
          },
        },
      ),
    );
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 180);
    sent?.cancel({});
    peer.answer(await peer.hearsRequest('CANCEL'), 200);
    expect(await failure).toMatchObject({ status: 487 });
  });

  it('that several phones answer go to the first; the others are acknowledged and ended', async () => {
    const call = dial();
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 180);
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    const dialog = await call;
    await peer.hearsRequest('ACK');
    peer.sendText(
      [
        'SIP/2.0 200 OK',
        `Via: ${invite.get('via')}`,
        `From: ${invite.get('from')}`,
        `To: ${invite.get('to')};tag=other`,
        `Call-ID: ${invite.callId}`,
        `CSeq: ${invite.get('cseq')}`,
        `Contact: ${peer.contact}`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
    const ack = await peer.hears(
      'ACK of the other',
      (each) => each.method === 'ACK' && each.toTag === 'other',
    );
    expect(ack.cseq?.number).toBe(invite.cseq?.number);
    const bye = await peer.hears(
      'BYE to the other',
      (each) => each.method === 'BYE' && each.toTag === 'other',
    );
    peer.answer(bye, 200);
    await hangUp(dialog);
  });

  it('that nobody answers get 408', async () => {
    expect(await failureOf(dial())).toMatchObject({ status: 408 });
  });

  it('keep Call-ID, From tag and CSeq that the application gives, as a digest retry does', async () => {
    const headers = { 'Call-ID': 'mine', From: '<sip:100@localhost>;tag=mytag', CSeq: '77 OPTIONS' };
    const status = statusOf(app, { method: 'OPTIONS', uri: target(), headers });
    const request = await peer.hearsRequest('OPTIONS');
    expect([request.callId, request.fromTag, request.cseq?.number]).toEqual(['mine', 'mytag', 77]);
    peer.answer(request, 401, '', [['WWW-Authenticate', 'Digest realm="x", nonce="y"']]);
    expect(await status).toBe(401);
  });

  it('that ring reliably get the application’s PRACK, and a repeated 183 is not told again', async () => {
    const call = dial({ headers: { Supported: '100rel' } });
    const invite = await peer.hearsRequest('INVITE');
    peer.answer(invite, 183, sdp('sendrecv', 5000), [
      ['Require', '100rel'],
      ['RSeq', '41'],
    ]);
    const prack = await peer.hearsRequest('PRACK');
    expect(prack.get('rack')).toBe(`41 ${invite.cseq?.number} INVITE`);
    expect(prack.toTag).toBe('peer');
    peer.answer(invite, 183, sdp('sendrecv', 5000), [
      ['Require', '100rel'],
      ['RSeq', '41'],
    ]);
    peer.answer(prack, 200);
    peer.answer(invite, 200);
    const dialog = await call;
    expect(peer.countOf((each) => each.method === 'PRACK' && each.cseq?.number === prack.cseq?.number)).toBe(
      peer.countOf((each) => each.method === 'PRACK'),
    );
    await hangUp(dialog);
  });

  it('that ring reliably out of order get a PRACK for what is in order only (RFC 3262 §4)', async () => {
    const call = dial({ headers: { Supported: '100rel' } });
    const invite = await peer.hearsRequest('INVITE');
    const ring = (rseq: number) =>
      peer.answer(invite, 180, '', [
        ['Require', '100rel'],
        ['RSeq', String(rseq)],
      ]);
    const racks: (string | undefined)[] = [];
    const prackIs = async () => {
      const prack = await peer.hearsRequest('PRACK');
      racks.push(prack.get('rack')?.split(' ')[0]);
      peer.answer(prack, 200);
    };
    ring(41);
    await prackIs();
    ring(43);
    ring(42);
    await prackIs();
    ring(43);
    await prackIs();
    expect(racks).toEqual(['41', '42', '43']);
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    await hangUp(await call);
  });

  it('that several phones ring reliably under the same number get each their PRACK', async () => {
    const call = dial({ headers: { Supported: '100rel' } });
    const invite = await peer.hearsRequest('INVITE');
    for (const tag of ['one', 'two']) {
      const ringing = responseTo(invite, 180, tag).add('Contact', peer.contact);
      peer.send(ringing.add('Require', '100rel').add('RSeq', '7'));
    }
    const pracks = [await peer.hearsRequest('PRACK'), await peer.hearsRequest('PRACK')];
    expect(pracks.map(({ toTag }) => toTag)).toEqual(['one', 'two']);
    for (const prack of pracks) peer.answer(prack, 200);
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    await hangUp(await call);
  });
});

describe('calls that go out over UDP', () => {
  let test: TestEngine;
  let app: App;

  beforeEach(async () => {
    test = await startEngine(timingWithT1(50));
    app = await test.connect();
  });
  afterEach(() => test.finish());

  it('to a port that nobody has end with 503 at the first repetition (ICMP, §18.4)', async () => {
    const since = performance.now();
    const call = app.createUAC('sip:nobody@127.0.0.1:9', { localSdp: offer });
    await expect(call).rejects.toMatchObject({ status: 503 });
    expect(performance.now() - since).toBeLessThan(64 * 50);
  });

  it('to a phone that hears no more than the repetition are heard, answered and ended as any other', async () => {
    const peer = await SipPeer.open(test.sipPort);
    const other = await SipPeer.open(test.sipPort);
    const call = app.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: offer });
    const invite = await peer.hearsRequest('INVITE');
    await eventually('it is repeated', () => peer.countOf((message) => message.method === 'INVITE') > 1);
    // While the engine watches for refusals of the one, what others send goes the usual way.
    other.send(other.request('OPTIONS'));
    await other.hearsStatus(503, 'OPTIONS');
    peer.answer(invite, 180);
    peer.answer(invite, 200, sdp('sendrecv', 5000));
    const dialog = await call;
    await peer.hearsRequest('ACK');
    const gone = dialog.destroy();
    peer.answer(await peer.hearsRequest('BYE'), 200);
    await gone;
    peer.close();
    other.close();
  });
});

/** Final status of a request, listening before anything can be missed. */
function statusOf(app: App, options: object): Promise<number> {
  return new Promise((resolve, reject) =>
    app.request(options, (error, request) => {
      if (error) reject(error);
      else request.on('response', (response: AppResponse) => resolve(response.status));
    }),
  );
}

describe('requests of applications', () => {
  let test: TestEngine;
  let app: App;

  beforeEach(async () => {
    test = await startEngine();
    app = await test.connect();
  });
  afterEach(() => test.finish());

  const errorOf = (options: object): Promise<string> =>
    statusOf(app, options).then(
      (status) => String(status),
      (error: Error) => error.message,
    );

  it('that cannot be sent are refused with words that say why', async () => {
    const own = `sip:x@127.0.0.1:${test.sipPort}`;
    expect(await errorOf({ method: 'OPTIONS', uri: own })).toBe('can not send request to myself');
    expect(await errorOf({ method: 'OPTIONS', uri: 'sip:h;transport=sctp' })).toBe(
      'requested protocol/transport not available',
    );
    expect(await errorOf({ method: 'MESSAGE', uri: 'sip:1@127.0.0.1:9', body: 'hi' })).toBe(
      'missing content-type',
    );
    expect(await errorOf({ method: 'OPTIONS', uri: 'nowhere' })).toMatch(
      /^invalid request-uri: OPTIONS nowhere/,
    );
    expect(await errorOf({ method: 'INFO', uri: 'sip:placeholder', stackDialogId: 'none' })).toMatch(
      /unable to find dialog/,
    );
  });

  it('that fail on this machine are answered: refused connection 503, no such name 503, sips without TLS 416', async () => {
    expect(await errorOf({ method: 'OPTIONS', uri: 'sip:1@127.0.0.1:9;transport=tcp' })).toBe('503');
    expect(await errorOf({ method: 'OPTIONS', uri: 'sip:1@no-such-host.invalid:5060' })).toBe('503');
    expect(await errorOf({ method: 'OPTIONS', uri: 'sips:1@127.0.0.1' })).toBe('416');
  });

  it('go to the next hop they name, with the Request-URI untouched', async () => {
    const peer = await SipPeer.open(test.sipPort);
    const status = statusOf(app, {
      method: 'OPTIONS',
      uri: 'sip:1@elsewhere.invalid',
      proxy: `sip:127.0.0.1:${peer.port}`,
    });
    const request = await peer.hearsRequest('OPTIONS');
    expect(request.uri).toBe('sip:1@elsewhere.invalid');
    expect(request.has('route')).toBe(false);
    peer.answer(request, 200);
    expect(await status).toBe(200);
    peer.close();
  });

  it('that end a dialog the engine does not know leave as they are: Call-ID, tags, CSeq and Route', async () => {
    const peer = await SipPeer.open(test.sipPort);
    const status = statusOf(app, {
      method: 'BYE',
      uri: `sip:bob@127.0.0.1:${peer.port}`,
      headers: {
        'Call-ID': 'orphan',
        From: '<sip:100@127.0.0.1>;tag=ours',
        To: '<sip:bob@127.0.0.1>;tag=theirs',
        CSeq: '4711 BYE',
        Route: `<sip:127.0.0.1:${peer.port};lr>`,
        Reason: 'SIP;cause=503;text="sip-engine restarted"',
      },
    });
    const bye = await peer.hearsRequest('BYE');
    expect([bye.callId, bye.fromTag, bye.toTag, bye.cseq?.number]).toEqual([
      'orphan',
      'ours',
      'theirs',
      4711,
    ]);
    expect(bye.list('route')).toEqual([`<sip:127.0.0.1:${peer.port};lr>`]);
    expect(bye.get('reason')).toContain('restarted');
    peer.answer(bye, 200);
    expect(await status).toBe(200);
    peer.close();
  });
});
