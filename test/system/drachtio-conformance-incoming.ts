/** Sections 3 and 4 of the admin protocol: requests from the network and the application's answers. */
import { expect } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import {
  type Bench,
  type ConformanceCase,
  quietFor,
  type ServerFrame,
  text,
  type WireApplication,
} from '../support/conformance.ts';
import { offer, type SipPeer, sdp } from './sip-engine-support.ts';

const answerSdp = sdp('sendrecv', 5000);
const ok = text('SIP/2.0 200 OK', [], answerSdp);

interface Incoming {
  peer: SipPeer;
  wire: WireApplication;
  invite: SipMessage;
  frame: ServerFrame;
  transactionId: string;
}

/** An INVITE of a peer, given to an application. */
async function incoming(bench: Bench, change: (invite: SipMessage) => void = () => {}): Promise<Incoming> {
  const wire = await bench.wire('invite');
  const peer = await bench.peer();
  const invite = peer.request('INVITE', { body: offer });
  change(invite);
  peer.send(invite);
  const frame = await wire.hearsRequest('INVITE');
  return { peer, wire, invite, frame, transactionId: frame.tokens[8] ?? '' };
}

/** The same, answered and acknowledged. */
async function talking(bench: Bench): Promise<Incoming & { dialogId: string; accepted: SipMessage }> {
  const call = await incoming(bench);
  const { tokens } = await call.wire.ask(`sip|${call.transactionId}|`, ok);
  const accepted = await call.peer.hearsStatus(200, 'INVITE');
  call.peer.acknowledge(accepted);
  await call.wire.hearsRequest('ACK');
  return { ...call, dialogId: tokens[11] ?? '', accepted };
}

/** Ends what `talking` made, from the application's side. */
async function hangUp({ wire, peer, dialogId }: Incoming & { dialogId: string }): Promise<void> {
  await wire.ask(`sip||${dialogId}`, text('BYE sip:placeholder SIP/2.0'));
  peer.answer(await peer.hearsRequest('BYE'), 200);
  await wire.hears('the 200 to BYE', ({ message }) => message?.cseq?.method === 'BYE');
}

export const incomingCases: ConformanceCase[] = [
  {
    section: 3,
    name: 'a new request has its thirteen tokens and is the message with received and rport',
    async run(bench) {
      const wire = await bench.wire('options');
      const peer = await bench.peer();
      peer.send(peer.request('OPTIONS'));
      const { tokens, message } = await wire.hearsRequest('OPTIONS');
      expect(tokens.slice(1, 3)).toEqual(['sip', 'network']);
      expect(Number(tokens[3])).toBeGreaterThan(100);
      expect(tokens[4]).toBe('udp');
      expect(tokens.slice(5, 7)).toEqual([bench.target.own, String(peer.port)]);
      expect(tokens[7]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
      expect(tokens[8]).toMatch(/^[0-9a-f-]{36}$/);
      expect(tokens[9]).toBe('');
      expect(tokens[11]).toBe(String(bench.target.sipPort));
      expect(tokens[12]).toBe('');
      expect(tokens).toHaveLength(13);
      expect(message?.get('via')).toContain(`rport=${peer.port}`);
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'OPTIONS');
    },
  },
  {
    section: 3,
    name: 'the verdict on a response carries what was sent, its transaction and its dialog',
    async run(bench) {
      const call = await incoming(bench);
      const { wire, peer, invite, transactionId } = call;
      const { tokens, message } = await wire.ask(`sip|${transactionId}|`, ok);
      expect(tokens.slice(3, 5)).toEqual(['OK', 'application']);
      expect(tokens.slice(6, 9)).toEqual(['udp', bench.target.own, String(peer.port)]);
      expect(tokens[10]).toBe(transactionId);
      expect(tokens[11]).toBe(`${invite.callId};from-tag=bob`);
      expect(tokens.slice(12)).toEqual(['', 'Msg sent:', '']);
      expect(message?.status).toBe(200);
      expect(message?.toTag).not.toBe('');
      expect(message?.has('contact')).toBe(true);
      const accepted = await peer.hearsStatus(200, 'INVITE');
      peer.acknowledge(accepted);
      await wire.hearsRequest('ACK');
      await hangUp({ ...call, dialogId: tokens[11] ?? '' });
    },
  },
  {
    section: 3,
    name: 'an answer to an unknown or answered transaction is refused with words',
    async run(bench) {
      const { wire, peer, transactionId } = await incoming(bench);
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 486 Busy Here'));
      const refused = ['NOK', 'Response not sent due to unknown transaction'];
      expect((await wire.ask(`sip|${transactionId}|`, ok)).tokens.slice(3)).toEqual(refused);
      expect((await wire.ask('sip|nobody-knows|', ok)).tokens.slice(3)).toEqual(refused);
      expect((await wire.ask('sip||', ok)).tokens.slice(3)).toEqual(['NO', 'transaction id missing']);
      const busy = await peer.hearsStatus(486, 'INVITE');
      expect(busy.reason).toBe('Busy Here');
      acknowledgeRefusal(peer, busy);
    },
  },
  {
    section: 4,
    name: 'an INVITE gets its 100 at once; nobody there for a method: 503',
    async run(bench) {
      const wire = await bench.wire();
      const peer = await bench.peer();
      peer.send(peer.request('INVITE'));
      await peer.hearsStatus(100, 'INVITE');
      acknowledgeRefusal(peer, await peer.hearsStatus(503, 'INVITE'));
      peer.send(peer.request('PUBLISH'));
      await peer.hearsStatus(503, 'PUBLISH');
      expect(wire.countOf(({ tokens }) => tokens[1] === 'sip')).toBe(0);
    },
  },
  {
    section: 4,
    name: 'a BYE, UPDATE, INVITE with a To tag or CANCEL that belongs to nothing gets 481',
    async run(bench) {
      await bench.wire('invite');
      const peer = await bench.peer();
      for (const method of ['BYE', 'UPDATE', 'INVITE', 'CANCEL']) {
        const request = peer.request(method);
        peer.send(method === 'CANCEL' ? request : request.set('To', '<sip:100@127.0.0.1>;tag=unknown'));
        const refusal = await peer.hearsStatus(481, method);
        if (method === 'INVITE') acknowledgeRefusal(peer, refusal);
      }
    },
  },
  {
    section: 4,
    name: 'a method nobody takes is answered 405 with Allow',
    departs: 'drachtio-server drops REFER outside dialogs and unknown methods silently',
    async run(bench) {
      await bench.wire('invite', 'options');
      const peer = await bench.peer();
      for (const method of ['REFER', 'FETCH']) {
        peer.send(peer.request(method));
        expect((await peer.hearsStatus(405, method)).get('allow')).toContain('OPTIONS');
      }
    },
  },
  {
    section: 4,
    name: 'a repeated request is not told twice, and an answered one gets its answer again',
    async run(bench) {
      const wire = await bench.wire('options');
      const peer = await bench.peer();
      const request = peer.request('OPTIONS');
      for (let i = 0; i < 3; i++) peer.send(request);
      const { tokens } = await wire.hearsRequest('OPTIONS');
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'OPTIONS');
      peer.send(request);
      await peer.hearsStatus(200, 'OPTIONS');
      expect(wire.countOf(({ message }) => message?.method === 'OPTIONS')).toBe(1);
    },
  },
  {
    section: 4,
    name: 'the engine’s headers stay the engine’s, and the application may choose the To tag',
    async run(bench) {
      const { wire, peer, invite, transactionId } = await incoming(bench);
      const headers = [
        'Via: SIP/2.0/UDP 9.9.9.9;branch=z9hG4bKx',
        'From: <sip:evil@9.9.9.9>;tag=evil',
        'To: <sip:evil@9.9.9.9>;tag=chosen',
        'Call-ID: evil',
        'CSeq: 99 EVIL',
        'Route: <sip:9.9.9.9;lr>',
        'Record-Route: <sip:9.9.9.9;lr>',
        'RSeq: 7',
        'Content-Length: 3',
        'Bad Name: gone',
        'X-mixed-CASE: kept',
        'some-custom: titled',
        'subject: known',
      ];
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 404 Nobody Here', headers));
      const heard = await peer.hearsStatus(404, 'INVITE');
      expect(heard.reason).toBe('Nobody Here');
      expect(heard.count('via')).toBe(1);
      expect(heard.topVia?.branch).toBe(invite.topVia?.branch);
      expect(heard.get('from')).toBe(invite.get('from'));
      expect(heard.toTag).toBe('chosen');
      expect(heard.get('to')).toContain('<sip:100@');
      expect(heard.callId).toBe(invite.callId);
      expect(heard.get('cseq')).toBe('1 INVITE');
      for (const key of ['route', 'record-route', 'rseq', 'bad name']) expect(heard.has(key)).toBe(false);
      expect(heard.get('content-length')).toBe('0');
      const labels = [...heard.entries()].map(([, label]) => label);
      expect(labels).toEqual(expect.arrayContaining(['X-mixed-CASE', 'Some-Custom', 'Subject']));
      acknowledgeRefusal(peer, heard);
    },
  },
  {
    section: 4,
    name: 'headers keep the application’s order, Content-Length last',
    departs: 'drachtio-server sorts known headers first and writes custom ones after Content-Length',
    async run(bench) {
      const { wire, peer, transactionId } = await incoming(bench);
      const headers = ['X-First: 1', 'Subject: 2', 'X-Third: 3'];
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 486 Busy Here', headers));
      const heard = await peer.hearsStatus(486, 'INVITE');
      const labels = [...heard.entries()].map(([, label]) => label);
      expect(labels.slice(-4)).toEqual(['X-First', 'Subject', 'X-Third', 'Content-Length']);
      acknowledgeRefusal(peer, heard);
    },
  },
  {
    section: 4,
    name: '@localhost becomes our address in Contact and P-Asserted-Identity',
    async run(bench) {
      const { wire, peer, transactionId } = await incoming(bench);
      const headers = ['Contact: <sip:me@localhost>', 'P-Asserted-Identity: <sip:me@localhost>'];
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 302 Elsewhere', headers));
      const heard = await peer.hearsStatus(302, 'INVITE');
      expect(heard.get('contact')).toContain(`sip:me@${bench.sipAddress}`);
      expect(heard.get('p-asserted-identity')).toContain(`sip:me@${bench.sipAddress}`);
      acknowledgeRefusal(peer, heard);
    },
  },
  {
    section: 4,
    name: 'a plain provisional has no Contact, SDP gets its Content-Type, and the 200 a Contact',
    async run(bench) {
      const call = await incoming(bench);
      await call.wire.ask(`sip|${call.transactionId}|`, text('SIP/2.0 183 Session Progress', [], answerSdp));
      const progress = await call.peer.hearsStatus(183, 'INVITE');
      expect(progress.has('contact')).toBe(false);
      expect(progress.get('content-type')).toBe('application/sdp');
      const { tokens } = await call.wire.ask(`sip|${call.transactionId}|`, ok);
      const accepted = await call.peer.hearsStatus(200, 'INVITE');
      expect(accepted.get('contact')).toBe(`<sip:${bench.sipAddress}>`);
      expect(accepted.toTag).toBe(progress.toTag);
      call.peer.acknowledge(accepted);
      await call.wire.hearsRequest('ACK');
      await hangUp({ ...call, dialogId: tokens[11] ?? '' });
    },
  },
  {
    section: 4,
    name: 'a 200 is repeated until its ACK, which carries the INVITE’s transaction and the dialog, once',
    async run(bench) {
      const call = await incoming(bench);
      const { wire, peer, transactionId } = call;
      const dialogId = (await wire.ask(`sip|${transactionId}|`, ok)).tokens[11] ?? '';
      const accepted = await peer.hearsStatus(200, 'INVITE');
      await peer.hearsStatus(200, 'INVITE');
      peer.acknowledge(accepted);
      peer.acknowledge(accepted);
      const ack = await wire.hearsRequest('ACK');
      expect(ack.tokens.slice(8, 11)).toEqual([transactionId, dialogId, '']);
      await hangUp({ ...call, dialogId });
      expect(wire.countOf(({ message }) => message?.method === 'ACK')).toBe(1);
    },
  },
  {
    section: 4,
    name: 'the ACK of a refusal is not passed',
    async run(bench) {
      const { wire, peer, transactionId } = await incoming(bench);
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 603 Decline'));
      acknowledgeRefusal(peer, await peer.hearsStatus(603, 'INVITE'));
      await wire.ask('ping');
      expect(wire.countOf(({ message }) => message?.method === 'ACK')).toBe(0);
    },
  },
  {
    section: 3,
    name: 'a 200 whose ACK never comes ends in a BYE, told as unsolicited with its Reason',
    async run(bench) {
      const { wire, peer, transactionId } = await incoming(bench);
      const dialogId = (await wire.ask(`sip|${transactionId}|`, ok)).tokens[11];
      peer.answer(await eventualBye(bench, peer), 200);
      const { tokens, message } = await wire.hearsRequest('BYE');
      expect(tokens.slice(1, 3)).toEqual(['sip', 'application']);
      expect(tokens.slice(8, 10)).toEqual(['unsolicited', dialogId]);
      expect(message?.get('reason')).toBe('SIP ;cause=200 ;text="ACK timeout"');
    },
  },
  {
    section: 4,
    name: 'a reliable provisional has RSeq and Contact, and its PRACK is the application’s to answer',
    async run(bench) {
      const call = await incoming(bench, (invite) => invite.add('Supported', '100rel'));
      const { wire, peer, transactionId } = call;
      const ringing = text('SIP/2.0 183 Session Progress', ['Require: 100rel'], answerSdp);
      const dialogId = (await wire.ask(`sip|${transactionId}|`, ringing)).tokens[11] ?? '';
      const progress = await peer.hearsStatus(183, 'INVITE');
      expect(progress.has('contact')).toBe(true);
      expect(Number(progress.get('rseq'))).toBeGreaterThan(0);
      await peer.hearsStatus(183, 'INVITE');
      const prack = peer.inDialog('PRACK', progress, 2);
      peer.send(prack.add('RAck', `${progress.get('rseq')} 1 INVITE`));
      const { tokens } = await wire.hearsRequest('PRACK');
      expect(tokens[8]).not.toBe(transactionId);
      expect(tokens[9]).toBe(dialogId);
      await wire.ask(`sip|${tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'PRACK');
      await wire.ask(`sip|${transactionId}|`, ok);
      peer.acknowledge(await peer.hearsStatus(200, 'INVITE'));
      await wire.hearsRequest('ACK');
      await wire.ask(`sip||${dialogId}`, text('BYE sip:placeholder SIP/2.0'));
      peer.answer(await peer.hearsRequest('BYE'), 200);
    },
  },
  {
    section: 3,
    name: 'a reliable provisional to who does not know 100rel is refused with words',
    async run(bench) {
      const { wire, peer, transactionId } = await incoming(bench);
      const ringing = text('SIP/2.0 180 Ringing', ['Require: 100rel']);
      expect((await wire.ask(`sip|${transactionId}|`, ringing)).tokens.slice(3)).toEqual([
        'NOK',
        'Remote endpoint does not support 100rel',
      ]);
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 480 Away'));
      acknowledgeRefusal(peer, await peer.hearsStatus(480, 'INVITE'));
    },
  },
  {
    section: 4,
    name: 'a CANCEL is answered and ends the INVITE with 487; the application hears it and its own 487 is refused',
    async run(bench) {
      const { wire, peer, invite, transactionId } = await incoming(bench);
      await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 180 Ringing'));
      await peer.hearsStatus(180, 'INVITE');
      const cancel = peer.request('CANCEL', { callId: invite.callId });
      peer.send(cancel.set('Via', invite.get('via') ?? ''));
      await peer.hearsStatus(200, 'CANCEL');
      acknowledgeRefusal(peer, await peer.hearsStatus(487, 'INVITE'), invite);
      const frame = await wire.hearsRequest('CANCEL');
      expect(frame.tokens.slice(8, 10)).toEqual([transactionId, `${invite.callId};from-tag=bob`]);
      const late = await wire.ask(`sip|${transactionId}|`, text('SIP/2.0 487 Request Terminated'));
      expect(late.tokens[3]).toBe('NOK');
      const toCancel = text('SIP/2.0 200 OK', ['CSeq: 1 CANCEL']);
      expect((await wire.ask(`sip|${transactionId}|`, toCancel)).tokens.slice(3)).toEqual([
        'NOK',
        '200 OK to incoming CANCEL is automatically generated by the stack',
      ]);
    },
  },
  {
    section: 4,
    name: 'requests within a dialog go to its application with a new transaction and the dialog’s id',
    async run(bench) {
      const call = await talking(bench);
      const { wire, peer, accepted, dialogId, transactionId } = call;
      peer.send(peer.inDialog('INFO', accepted, 2));
      const { tokens } = await wire.hearsRequest('INFO');
      expect(tokens.slice(1, 3)).toEqual(['sip', 'network']);
      expect(tokens[8]).not.toBe(transactionId);
      expect(tokens.slice(9)).toEqual([dialogId, '']);
      await wire.ask(`sip|${tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK', ['X-Seen: yes']));
      expect((await peer.hearsStatus(200, 'INFO')).get('x-seen')).toBe('yes');
      peer.send(peer.inDialog('BYE', accepted, 3));
      const bye = await wire.hearsRequest('BYE');
      await wire.ask(`sip|${bye.tokens[8]}|${dialogId}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'BYE');
    },
  },
  {
    section: 4,
    name: 'a re-INVITE gets its own 100, and its ACK another transaction id',
    async run(bench) {
      const call = await talking(bench);
      const { wire, peer, accepted, dialogId, transactionId } = call;
      const again = peer.inDialog('INVITE', accepted, 2).add('Content-Type', 'application/sdp');
      again.body = sdp('sendonly', 4000);
      peer.send(again);
      await peer.hears('100', (message) => message.status === 100 && message.cseq?.number === 2);
      const { tokens } = await wire.hearsRequest('INVITE');
      expect(tokens[9]).toBe(dialogId);
      await wire.ask(`sip|${tokens[8]}|${dialogId}`, ok);
      peer.acknowledge(await peer.hears('200', (each) => each.status === 200 && each.cseq?.number === 2));
      const ack = await wire.hearsRequest('ACK');
      expect(ack.tokens[9]).toBe(dialogId);
      expect(ack.tokens[8]).not.toBe(transactionId);
      await hangUp(call);
    },
  },
  {
    section: 3,
    name: 'any connection may use any dialog’s id',
    async run(bench) {
      const call = await talking(bench);
      const other = await bench.wire();
      await other.ask(`sip||${call.dialogId}`, text('BYE sip:placeholder SIP/2.0'));
      call.peer.answer(await call.peer.hearsRequest('BYE'), 200);
      await other.hears('the 200 to BYE', ({ message }) => message?.cseq?.method === 'BYE');
    },
  },
  {
    section: 4,
    name: 'requests of a dialog whose application is gone get 481, BYE too',
    async run(bench) {
      const { wire, peer, accepted } = await talking(bench);
      wire.close();
      await quietFor(50);
      peer.send(peer.inDialog('INFO', accepted, 2));
      await peer.hearsStatus(481, 'INFO');
      peer.send(peer.inDialog('BYE', accepted, 3));
      await peer.hearsStatus(481, 'BYE');
    },
  },
  {
    section: 4,
    name: 'an INVITE whose application dies is answered 503 at once',
    departs: 'drachtio-server forgets it: the caller hears 100 and then nothing',
    async run(bench) {
      const { wire, peer } = await incoming(bench);
      wire.close();
      acknowledgeRefusal(peer, await peer.hearsStatus(503, 'INVITE'));
    },
  },
  {
    section: 4,
    name: 'a request its application never answers is answered 500',
    departs: 'drachtio-server forgets it after 64 s without a reply',
    async run(bench) {
      await bench.wire('options');
      const peer = await bench.peer();
      peer.send(peer.request('OPTIONS'));
      await peer.hearsStatus(500, 'OPTIONS');
    },
  },
  {
    section: 4,
    name: 'a SUBSCRIBE makes a dialog by its 202; NOTIFYs of the application run in it, and the last one ends it',
    async run(bench) {
      const wire = await bench.wire('subscribe');
      const peer = await bench.peer();
      peer.send(peer.request('SUBSCRIBE').add('Event', 'dialog').add('Expires', '60'));
      const { tokens, message } = await wire.hearsRequest('SUBSCRIBE');
      const accepted = text('SIP/2.0 202 Accepted', ['Expires: 60']);
      const dialogId = (await wire.ask(`sip|${tokens[8]}|`, accepted)).tokens[11] ?? '';
      expect(dialogId).toBe(`${message?.callId};from-tag=bob`);
      expect((await peer.hearsStatus(202, 'SUBSCRIBE')).has('contact')).toBe(true);
      for (const state of ['active;expires=60', 'terminated;reason=timeout']) {
        const notify = text('NOTIFY sip:placeholder SIP/2.0', [
          'Event: dialog',
          `Subscription-State: ${state}`,
        ]);
        const echo = await wire.ask(`sip||${dialogId}`, notify);
        expect(echo.tokens[3]).toBe('OK');
        peer.answer(await peer.hearsRequest('NOTIFY'), 200);
        await wire.hearsStatus(200, echo.tokens[10] ?? '');
      }
      const gone = await wire.ask(`sip||${dialogId}`, text('NOTIFY sip:placeholder SIP/2.0'));
      expect(gone.tokens[4]).toContain('unable to find dialog');
    },
  },
  {
    section: 4,
    name: 'REGISTER is the application’s: its Contact and Expires come through; Contact: * must expire',
    async run(bench) {
      const wire = await bench.wire('register');
      const peer = await bench.peer();
      peer.send(peer.request('REGISTER').add('Expires', '300'));
      const { tokens } = await wire.hearsRequest('REGISTER');
      const headers = [`Contact: ${peer.contact};expires=120`];
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK', headers));
      expect((await peer.hearsStatus(200, 'REGISTER')).get('contact')).toContain('expires=120');
      peer.send(peer.request('REGISTER').set('Contact', '*').add('Expires', '300'));
      await peer.hearsStatus(400, 'REGISTER');
    },
  },
  {
    section: 4,
    name: 'a phone registered over TCP is called over its connection, port and transport ignored',
    async run(bench) {
      const wire = await bench.wire('register');
      const peer = await bench.peer('tcp');
      peer.send(peer.request('REGISTER').set('Contact', '<sip:carol@10.9.8.7:1>').add('Expires', '60'));
      const { tokens } = await wire.hearsRequest('REGISTER');
      expect(tokens[4]).toBe('tcp');
      const contact = 'Contact: <sip:carol@10.9.8.7:1>;expires=60';
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK', [contact]));
      await peer.hearsStatus(200, 'REGISTER');
      const echo = await wire.ask('sip||', text('OPTIONS sip:carol@10.9.8.7:5555 SIP/2.0'));
      expect(echo.tokens.slice(6, 9)).toEqual(['tcp', bench.target.own, String(peer.port)]);
      peer.answer(await peer.hearsRequest('OPTIONS'), 200);
      await wire.hearsStatus(200, echo.tokens[10] ?? '');
    },
  },
];

/** The ACK that ends the INVITE transaction of a refused call. */
function acknowledgeRefusal(peer: SipPeer, refusal: SipMessage, invite?: SipMessage): void {
  const ack = peer.inDialog('ACK', refusal, 1);
  const via = invite?.get('via') ?? (refusal.get('via') ?? '').replace(/;received=[^;]*|;rport=\d+/g, '');
  peer.send(ack.set('Via', via));
}

async function eventualBye(bench: Bench, peer: SipPeer): Promise<SipMessage> {
  const attempts = Math.ceil(bench.target.patienceMs / 10_000);
  for (let i = 1; i < attempts; i++) {
    const bye = await peer.hearsRequest('BYE').catch(() => undefined);
    if (bye) return bye;
  }
  return peer.hearsRequest('BYE');
}
