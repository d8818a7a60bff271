/** Sections 3 and 5 of the admin protocol: requests of the application. */
import { expect } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { type Bench, type ConformanceCase, text, type WireApplication } from '../support/conformance.ts';
import { offer, type SipPeer, sdp } from './sip-engine-support.ts';

const answerSdp = sdp('sendrecv', 5000);
const unknownDialog = 'Server error: unable to find dialog for dialog id provided';

interface Outgoing {
  wire: WireApplication;
  peer: SipPeer;
  /** As the peer heard it. */
  invite: SipMessage;
  transactionId: string;
  dialogId: string;
}

/** An INVITE of the application, heard by a peer. */
async function outgoing(bench: Bench, headers: string[] = []): Promise<Outgoing> {
  const wire = await bench.wire();
  const peer = await bench.peer();
  const { tokens, message } = await wire.ask(
    'sip||',
    text(`INVITE sip:bob@${bench.target.own}:${peer.port} SIP/2.0`, headers, offer),
  );
  const invite = await peer.hearsRequest('INVITE');
  const dialogId = `${message?.callId};from-tag=${message?.fromTag}`;
  return { wire, peer, invite, transactionId: tokens[10] ?? '', dialogId };
}

/** The same, answered and acknowledged. */
async function talking(bench: Bench): Promise<Outgoing> {
  const call = await outgoing(bench);
  call.peer.answer(call.invite, 200, answerSdp);
  await call.wire.hearsStatus(200, call.transactionId);
  await call.wire.ask(`sip||${call.dialogId}`, text('ACK sip:placeholder SIP/2.0'));
  await call.peer.hearsRequest('ACK');
  return call;
}

async function hangUp({ wire, peer, dialogId }: Outgoing): Promise<void> {
  const { tokens } = await wire.ask(`sip||${dialogId}`, text('BYE sip:placeholder SIP/2.0'));
  peer.answer(await peer.hearsRequest('BYE'), 200);
  await wire.hearsStatus(200, tokens[10] ?? '');
}

/** A case about words: this frame is refused with this text. */
function refusal(
  name: string,
  text_: string,
  ask: (bench: Bench) => [header: string, message: string],
): ConformanceCase {
  return {
    section: 3,
    name,
    async run(bench) {
      const wire = await bench.wire();
      const { tokens } = await wire.ask(...ask(bench));
      expect(tokens.slice(3)).toEqual(['NOK', text_]);
    },
  };
}

/** A case about what the engine answers itself. */
function synthetic(name: string, uri: string, status: number): ConformanceCase {
  return {
    section: 5,
    name,
    async run(bench) {
      const wire = await bench.wire();
      for (const method of ['OPTIONS', 'INVITE']) {
        const { tokens } = await wire.ask('sip||', text(`${method} ${uri} SIP/2.0`));
        expect(tokens[3]).toBe('OK');
        const frame = await wire.hearsStatus(status, tokens[10] ?? '');
        expect(frame.tokens[3]).toBe('0');
        expect(frame.tokens.slice(5, 7)).toEqual(['', '0']);
        expect(frame.message?.cseq?.method).toBe(method);
      }
    },
  };
}

export const outgoingCases: ConformanceCase[] = [
  refusal('a request to the engine itself is refused', 'can not send request to myself', (bench) => [
    'sip||',
    text(`OPTIONS sip:x@${bench.sipAddress} SIP/2.0`),
  ]),
  refusal('a transport that is not there is refused', 'requested protocol/transport not available', () => [
    'sip||',
    text('OPTIONS sip:x@127.0.0.1:9;transport=sctp SIP/2.0'),
  ]),
  refusal('a body that is no SDP needs its Content-Type', 'missing content-type', () => [
    'sip||',
    text('MESSAGE sip:x@127.0.0.1:9 SIP/2.0', [], 'hello'),
  ]),
  refusal(
    'a broken Request-URI is refused with its start line',
    'invalid request-uri: OPTIONS sip:x@:bad SIP/2.0',
    () => ['sip||', text('OPTIONS sip:x@:bad SIP/2.0')],
  ),
  refusal('a dialog nobody knows is refused', unknownDialog, () => [
    'sip||nobody;from-tag=knows',
    text('BYE sip:placeholder SIP/2.0'),
  ]),
  refusal('a CANCEL of nothing is refused', 'unable to cancel unknown transaction id: nothing', () => [
    'sip|nothing|',
    text('CANCEL sip:x@127.0.0.1:9 SIP/2.0'),
  ]),
  {
    section: 5,
    name: 'the engine fills in Via, Max-Forwards, From, To, Call-ID, CSeq, Contact and Content-Type',
    async run(bench) {
      const call = await outgoing(bench);
      const { peer, invite, wire } = call;
      expect(invite.topVia?.branch).toMatch(/^z9hG4bK/);
      expect(invite.get('via')).toMatch(/;rport(?:;|$)/);
      expect(invite.get('max-forwards')).toBe('70');
      expect(invite.get('from')).toMatch(new RegExp(`^<sip:${bench.sipAddress}>;tag=\\S+$`));
      expect(invite.get('to')).toBe(`<sip:bob@${bench.target.own}:${peer.port}>`);
      expect(invite.callId).toMatch(/^[0-9a-f-]{36}$/);
      expect(invite.cseq?.method).toBe('INVITE');
      expect(invite.get('contact')).toContain(`sip:${bench.sipAddress}`);
      expect(invite.get('content-type')).toBe('application/sdp');
      peer.answer(invite, 486);
      await wire.hearsStatus(486, call.transactionId);
    },
  },
  {
    section: 3,
    name: 'the verdict on a request carries it as sent, its transaction, and comes before any answer',
    async run(bench) {
      const call = await outgoing(bench);
      const { wire, peer, invite } = call;
      const verdict = wire.heard.find(({ tokens }) => tokens[11] === 'Msg sent:');
      expect(verdict?.tokens.slice(3, 5)).toEqual(['OK', 'application']);
      expect(verdict?.tokens.slice(6, 9)).toEqual(['udp', bench.target.own, String(peer.port)]);
      expect(verdict?.tokens[9]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
      expect(verdict?.tokens).toHaveLength(13);
      for (const key of ['via', 'from', 'call-id', 'cseq', 'contact'])
        expect(verdict?.message?.get(key)).toBe(invite.get(key));
      peer.answer(invite, 486);
      const answer = await wire.hearsStatus(486, call.transactionId);
      expect(wire.heard.indexOf(answer)).toBeGreaterThan(wire.heard.indexOf(verdict ?? answer));
    },
  },
  {
    section: 5,
    name: 'From with its tag, Call-ID and CSeq given by the application are used as they are',
    async run(bench) {
      const headers = ['From: "Me" <sip:me@localhost>;tag=given', 'Call-ID: given@id', 'CSeq: 4711 INVITE'];
      const call = await outgoing(bench, [...headers, 'X-Custom-Header: kept', 'To: <sip:you@example.org>']);
      const { invite } = call;
      expect(invite.get('from')).toBe(`"Me" <sip:me@${bench.sipAddress}>;tag=given`);
      expect(invite.get('to')).toBe('<sip:you@example.org>');
      expect(invite.callId).toBe('given@id');
      expect(invite.get('cseq')).toBe('4711 INVITE');
      expect(invite.get('x-custom-header')).toBe('kept');
      expect(call.dialogId).toBe('given@id;from-tag=given');
      call.peer.answer(invite, 603);
      await call.wire.hearsStatus(603, call.transactionId);
    },
  },
  {
    section: 5,
    name: 'ROUTE_URI is the next hop; the Request-URI stays and no Route is added, later requests of the dialog follow',
    async run(bench) {
      const wire = await bench.wire();
      const peer = await bench.peer();
      const message = text('INVITE sip:far@203.0.113.9 SIP/2.0', [], offer);
      const echo = await wire.ask(`sip|||sip:${bench.target.own}:${peer.port}`, message);
      const invite = await peer.hearsRequest('INVITE');
      expect(invite.uri).toBe('sip:far@203.0.113.9');
      expect(invite.has('route')).toBe(false);
      const contact: [string, string] = ['Contact', '<sip:far@203.0.113.9>'];
      peer.answer(invite, 200, answerSdp, [contact]);
      const { tokens } = await wire.hearsStatus(200, echo.tokens[10] ?? '');
      await wire.ask(`sip||${tokens[9]}`, text('ACK sip:placeholder SIP/2.0'));
      expect((await peer.hearsRequest('ACK')).uri).toBe('sip:far@203.0.113.9');
      await wire.ask(`sip||${tokens[9]}`, text('BYE sip:placeholder SIP/2.0'));
      peer.answer(await peer.hearsRequest('BYE'), 200);
    },
  },
  {
    section: 5,
    name: '100 is not passed; other provisionals and the 200 are, with transaction and dialog',
    async run(bench) {
      const call = await outgoing(bench);
      const { wire, peer, invite, transactionId, dialogId } = call;
      peer.answer(invite, 100);
      peer.answer(invite, 180);
      const ringing = await wire.hearsStatus(180, transactionId);
      expect(ringing.tokens.slice(1, 3)).toEqual(['sip', 'network']);
      expect(ringing.tokens.slice(4, 7)).toEqual(['udp', bench.target.own, String(peer.port)]);
      expect(ringing.tokens.slice(9)).toEqual([dialogId, '']);
      peer.answer(invite, 200, answerSdp);
      const accepted = await wire.hearsStatus(200, transactionId);
      expect(accepted.tokens[9]).toBe(dialogId);
      expect(wire.countOf(({ message }) => message?.status === 100)).toBe(0);
      const verdict = await wire.ask(`sip||${dialogId}`, text('ACK sip:elsewhere@1.2.3.4 SIP/2.0'));
      expect(verdict.tokens[3]).toBe('OK');
      const ack = await peer.hearsRequest('ACK');
      expect(ack.cseq?.number).toBe(invite.cseq?.number);
      expect(ack.uri).toContain(`${bench.target.own}:${peer.port}`);
      peer.answer(invite, 200, answerSdp);
      await peer.hearsRequest('ACK');
      await hangUp(call);
      expect(
        wire.countOf(({ message }) => message?.status === 200 && message.cseq?.method === 'INVITE'),
      ).toBe(1);
    },
  },
  {
    section: 5,
    name: 'a refusal is acknowledged by the engine and passed; the application’s ACK is refused harmlessly',
    async run(bench) {
      const { wire, peer, invite, transactionId, dialogId } = await outgoing(bench);
      peer.answer(invite, 302, '', [['Contact', '<sip:other@203.0.113.9>']]);
      const { message } = await wire.hearsStatus(302, transactionId);
      expect(message?.get('contact')).toContain('other@203.0.113.9');
      await peer.hearsRequest('ACK');
      const late = await wire.ask(`sip||${dialogId}`, text('ACK sip:placeholder SIP/2.0'));
      expect(late.tokens[3]).toBe('NOK');
    },
  },
  {
    section: 3,
    name: 'an ACK outside any dialog is refused with words',
    async run(bench) {
      const wire = await bench.wire();
      const { tokens } = await wire.ask('sip||', text('ACK sip:x@127.0.0.1:9 SIP/2.0'));
      expect(tokens.slice(3)).toEqual([
        'NOK',
        'Server error: ACK for non-success final response is automatically generated by server',
      ]);
    },
  },
  {
    section: 5,
    name: 'a CANCEL has a transaction of its own, keeps its Reason; its 200 is not passed, the 487 is',
    async run(bench) {
      const { wire, peer, invite, transactionId } = await outgoing(bench);
      peer.answer(invite, 180);
      await wire.hearsStatus(180, transactionId);
      const cancel = text(`CANCEL ${invite.uri} SIP/2.0`, ['Reason: SIP;cause=200;text="elsewhere"']);
      const { tokens } = await wire.ask(`sip|${transactionId}|`, cancel);
      expect(tokens[3]).toBe('OK');
      expect(tokens[10]).not.toBe(transactionId);
      const heard = await peer.hearsRequest('CANCEL');
      expect(heard.get('reason')).toBe('SIP;cause=200;text="elsewhere"');
      expect(heard.topVia?.branch).toBe(invite.topVia?.branch);
      peer.answer(heard, 200);
      peer.answer(invite, 487);
      await wire.hearsStatus(487, transactionId);
      expect(wire.countOf(({ message }) => message?.cseq?.method === 'CANCEL' && message.status > 0)).toBe(0);
    },
  },
  {
    section: 5,
    name: 'a 200 that races the CANCEL is passed; after the ACK the engine ends the call and says so',
    async run(bench) {
      const { wire, peer, invite, transactionId, dialogId } = await outgoing(bench);
      peer.answer(invite, 180);
      await wire.hearsStatus(180, transactionId);
      await wire.ask(`sip|${transactionId}|`, text(`CANCEL ${invite.uri} SIP/2.0`));
      peer.answer(invite, 200, answerSdp);
      await wire.hearsStatus(200, transactionId);
      peer.answer(await peer.hearsRequest('CANCEL'), 200);
      await wire.ask(`sip||${dialogId}`, text('ACK sip:placeholder SIP/2.0'));
      await peer.hearsRequest('ACK');
      peer.answer(await peer.hearsRequest('BYE'), 200);
      const { tokens } = await wire.hearsRequest('BYE');
      expect(tokens.slice(8, 10)).toEqual(['unsolicited', dialogId]);
    },
  },
  synthetic('a refused connection is answered 503', 'sip:x@127.0.0.1:9;transport=tcp', 503),
  synthetic('a refused datagram is answered 503', 'sip:x@127.0.0.1:9', 503),
  synthetic('sips without TLS is answered 416', 'sips:x@127.0.0.1:9', 416),
  synthetic('a name nobody knows is answered 503', 'sip:x@no-such-name.invalid', 503),
  {
    section: 5,
    name: 'silence is answered 408, the INVITE repeated meanwhile',
    async run(bench) {
      const { wire, peer, transactionId } = await outgoing(bench);
      const { tokens } = await wire.hearsStatus(408, transactionId);
      expect(tokens[3]).toBe('0');
      expect(peer.countOf((message) => message.method === 'INVITE')).toBeGreaterThan(4);
    },
  },
  {
    section: 5,
    name: 'in a dialog the engine fills target, tags, CSeq and Contact; the answer has the echo’s transaction',
    async run(bench) {
      const call = await talking(bench);
      const { wire, peer, invite, dialogId } = call;
      const refer = text('REFER sip:placeholder SIP/2.0', ['Refer-To: <sip:x@example.org>']);
      const { tokens, message } = await wire.ask(`sip||${dialogId}`, refer);
      const heard = await peer.hearsRequest('REFER');
      expect(heard.uri).toContain(`${bench.target.own}:${peer.port}`);
      expect(heard.fromTag).toBe(invite.fromTag);
      expect(heard.toTag).toBe('peer');
      expect(heard.cseq?.number).toBe((invite.cseq?.number ?? 0) + 1);
      expect(heard.has('contact')).toBe(true);
      expect(message?.get('cseq')).toBe(heard.get('cseq'));
      peer.answer(heard, 202);
      const answer = await wire.hearsStatus(202, tokens[10] ?? '');
      expect(answer.tokens[9]).toBe(dialogId);
      await hangUp(call);
      expect((await wire.ask(`sip||${dialogId}`, refer)).tokens.slice(3)).toEqual(['NOK', unknownDialog]);
    },
  },
  {
    section: 5,
    name: 'requests of the called side come with the same dialog id, to the application that called',
    async run(bench) {
      const { wire, peer, invite, dialogId } = await talking(bench);
      peer.send(peer.inDialogOf('INFO', invite, 1));
      const info = await wire.hearsRequest('INFO');
      expect(info.tokens[9]).toBe(dialogId);
      await wire.ask(`sip|${info.tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'INFO');
      peer.send(peer.inDialogOf('BYE', invite, 2));
      const bye = await wire.hearsRequest('BYE');
      await wire.ask(`sip|${bye.tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'BYE');
    },
  },
  {
    section: 5,
    name: 'a reliable provisional makes the dialog usable for the application’s PRACK',
    async run(bench) {
      const call = await outgoing(bench, ['Supported: 100rel']);
      const { wire, peer, invite, transactionId, dialogId } = call;
      const headers: [string, string][] = [
        ['Require', '100rel'],
        ['RSeq', '17'],
      ];
      peer.answer(invite, 183, answerSdp, headers);
      await wire.hearsStatus(183, transactionId);
      const rack = `RAck: 17 ${invite.cseq?.number} INVITE`;
      const { tokens } = await wire.ask(`sip||${dialogId}`, text('PRACK sip:placeholder SIP/2.0', [rack]));
      const prack = await peer.hearsRequest('PRACK');
      expect(prack.get('rack')).toBe(`17 ${invite.cseq?.number} INVITE`);
      peer.answer(prack, 200);
      await wire.hearsStatus(200, tokens[10] ?? '');
      peer.answer(invite, 480);
      await wire.hearsStatus(480, transactionId);
    },
  },
  {
    section: 5,
    name: 'a Contact that is not where the answer came from is called where it is, the Request-URI untouched',
    async run(bench) {
      const call = await outgoing(bench);
      call.peer.answer(call.invite, 200, answerSdp, [['Contact', '<sip:bob@10.99.99.99:5099>']]);
      await call.wire.hearsStatus(200, call.transactionId);
      await call.wire.ask(`sip||${call.dialogId}`, text('ACK sip:placeholder SIP/2.0'));
      expect((await call.peer.hearsRequest('ACK')).uri).toBe('sip:bob@10.99.99.99:5099');
      await hangUp(call);
    },
  },
  {
    section: 5,
    name: 'a BYE nobody answers ends the dialog with a synthetic final',
    async run(bench) {
      const { wire, peer, dialogId } = await talking(bench);
      peer.close();
      const { tokens } = await wire.ask(`sip||${dialogId}`, text('BYE sip:placeholder SIP/2.0'));
      const final = await wire.hears('the final', (frame) => frame.tokens[8] === tokens[10]);
      expect([408, 503]).toContain(final.message?.status);
      const again = await wire.ask(`sip||${dialogId}`, text('INFO sip:placeholder SIP/2.0'));
      expect(again.tokens.slice(3)).toEqual(['NOK', unknownDialog]);
    },
  },
  {
    section: 5,
    name: 'a SUBSCRIBE of the application makes a dialog; NOTIFYs come in it',
    async run(bench) {
      const wire = await bench.wire();
      const peer = await bench.peer();
      const uri = `sip:bob@${bench.target.own}:${peer.port}`;
      const subscribe = text(`SUBSCRIBE ${uri} SIP/2.0`, ['Event: dialog', 'Expires: 60']);
      const echo = await wire.ask('sip||', subscribe);
      const heard = await peer.hearsRequest('SUBSCRIBE');
      expect(heard.has('contact')).toBe(true);
      peer.answer(heard, 202, '', [['Expires', '60']]);
      const dialogId = `${heard.callId};from-tag=${heard.fromTag}`;
      expect((await wire.hearsStatus(202, echo.tokens[10] ?? '')).tokens[9]).toBe(dialogId);
      const notify = peer.inDialogOf('NOTIFY', heard, 1).add('Event', 'dialog');
      peer.send(notify.add('Subscription-State', 'active;expires=60'));
      const frame = await wire.hearsRequest('NOTIFY');
      expect(frame.tokens[9]).toBe(dialogId);
      await wire.ask(`sip|${frame.tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'NOTIFY');
      const last = peer.inDialogOf('NOTIFY', heard, 2).add('Event', 'dialog');
      peer.send(last.add('Subscription-State', 'terminated'));
      const end = await wire.hearsRequest('NOTIFY');
      await wire.ask(`sip|${end.tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK'));
    },
  },
  {
    section: 4,
    name: 'the last NOTIFY of a subscription is the application’s to answer',
    departs: 'drachtio-server deletes the dialog on receipt and answers 500 itself',
    async run(bench) {
      const wire = await bench.wire();
      const peer = await bench.peer();
      const uri = `sip:bob@${bench.target.own}:${peer.port}`;
      const echo = await wire.ask(
        'sip||',
        text(`SUBSCRIBE ${uri} SIP/2.0`, ['Event: dialog', 'Expires: 60']),
      );
      const heard = await peer.hearsRequest('SUBSCRIBE');
      peer.answer(heard, 202, '', [['Expires', '60']]);
      await wire.hearsStatus(202, echo.tokens[10] ?? '');
      const notify = peer.inDialogOf('NOTIFY', heard, 1).add('Event', 'dialog');
      peer.send(notify.add('Subscription-State', 'terminated;reason=noresource'));
      const { tokens } = await wire.hearsRequest('NOTIFY');
      await wire.ask(`sip|${tokens[8]}|${tokens[9]}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'NOTIFY');
    },
  },
];
