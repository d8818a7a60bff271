/** Section 6 of the admin protocol: call detail records. */
import { expect } from 'vitest';
import type { Bench, ConformanceCase, ServerFrame, WireApplication } from '../support/conformance.ts';
import { text } from '../support/conformance.ts';
import { offer, sdp } from './sip-engine-support.ts';

const answerSdp = sdp('sendrecv', 5000);
const verbs = ['cdr:attempt', 'cdr:start', 'cdr:stop'];

/** An application for the records alone. */
function recorder(bench: Bench): Promise<WireApplication> {
  return bench.wire(...verbs);
}

async function record(wire: WireApplication, verb: string): Promise<ServerFrame> {
  const frame = await wire.hears(verb, ({ tokens }) => tokens[1] === verb);
  expect(frame.tokens[3]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
  return frame;
}

export const recordCases: ConformanceCase[] = [
  {
    section: 6,
    name: 'an incoming call is recorded: attempt, start as uas, stop by normal release',
    async run(bench) {
      const records = await recorder(bench);
      const wire = await bench.wire('invite');
      const peer = await bench.peer();
      const invite = peer.send(peer.request('INVITE', { body: offer }));
      const { tokens } = await wire.hearsRequest('INVITE');
      const attempt = await record(records, 'cdr:attempt');
      expect(attempt.tokens).toHaveLength(4);
      expect(attempt.tokens[2]).toBe('network');
      expect(attempt.message?.method).toBe('INVITE');
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK', [], answerSdp));
      const start = await record(records, 'cdr:start');
      expect([start.tokens[2], start.tokens[4]]).toEqual(['application', 'uas']);
      expect(start.message?.status).toBe(200);
      const accepted = await peer.hearsStatus(200, 'INVITE');
      peer.acknowledge(accepted);
      await wire.hearsRequest('ACK');
      peer.send(peer.inDialog('BYE', accepted, 2));
      const stop = await record(records, 'cdr:stop');
      expect([stop.tokens[2], stop.tokens[4]]).toEqual(['network', 'normal-release']);
      expect(stop.message?.method).toBe('BYE');
      expect(stop.message?.callId).toBe(invite.callId);
      const bye = await wire.hearsRequest('BYE');
      await wire.ask(`sip|${bye.tokens[8]}|${bye.tokens[9]}`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'BYE');
    },
  },
  {
    section: 6,
    name: 'an outgoing call is recorded: attempt, start as uac, stop by the application',
    async run(bench) {
      const records = await recorder(bench);
      const wire = await bench.wire();
      const peer = await bench.peer();
      const uri = `sip:bob@${bench.target.own}:${peer.port}`;
      const echo = await wire.ask('sip||', text(`INVITE ${uri} SIP/2.0`, [], offer));
      expect((await record(records, 'cdr:attempt')).tokens[2]).toBe('application');
      peer.answer(await peer.hearsRequest('INVITE'), 200, answerSdp);
      const { tokens } = await wire.hearsStatus(200, echo.tokens[10] ?? '');
      const start = await record(records, 'cdr:start');
      expect([start.tokens[2], start.tokens[4]]).toEqual(['network', 'uac']);
      await wire.ask(`sip||${tokens[9]}`, text('ACK sip:placeholder SIP/2.0'));
      const bye = await wire.ask(`sip||${tokens[9]}`, text('BYE sip:placeholder SIP/2.0'));
      const stop = await record(records, 'cdr:stop');
      expect([stop.tokens[2], stop.tokens[4]]).toEqual(['application', 'normal-release']);
      peer.answer(await peer.hearsRequest('BYE'), 200);
      await wire.hearsStatus(200, bye.tokens[10] ?? '');
    },
  },
  {
    section: 6,
    name: 'a refused call is recorded as rejected, both ways',
    async run(bench) {
      const records = await recorder(bench);
      const wire = await bench.wire('invite');
      const peer = await bench.peer();
      const invite = peer.send(peer.request('INVITE', { body: offer }));
      const { tokens } = await wire.hearsRequest('INVITE');
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 486 Busy Here'));
      const refusal = await peer.hearsStatus(486, 'INVITE');
      peer.send(peer.inDialog('ACK', refusal, 1).set('Via', invite.get('via') ?? ''));
      const first = await record(records, 'cdr:stop');
      expect([first.tokens[2], first.tokens[4]]).toEqual(['application', 'call-rejected']);
      const uri = `sip:bob@${bench.target.own}:${peer.port}`;
      await wire.ask('sip||', text(`INVITE ${uri} SIP/2.0`, [], offer));
      peer.answer(await peer.hearsRequest('INVITE'), 603);
      const second = await record(records, 'cdr:stop');
      expect([second.tokens[2], second.tokens[4]]).toEqual(['network', 'call-rejected']);
      expect(second.message?.status).toBe(603);
    },
  },
  {
    section: 6,
    name: 'a call given up before any answer has its stop record',
    departs: 'drachtio-server writes no stop record for a CANCEL that comes before any response',
    async run(bench) {
      const records = await recorder(bench);
      const wire = await bench.wire('invite');
      const peer = await bench.peer();
      const invite = peer.send(peer.request('INVITE', { body: offer }));
      await wire.hearsRequest('INVITE');
      peer.send(peer.request('CANCEL', { callId: invite.callId }).set('Via', invite.get('via') ?? ''));
      await peer.hearsStatus(200, 'CANCEL');
      const ended = await peer.hearsStatus(487, 'INVITE');
      peer.send(peer.inDialog('ACK', ended, 1).set('Via', invite.get('via') ?? ''));
      const stop = await record(records, 'cdr:stop');
      expect([stop.tokens[2], stop.tokens[4]]).toEqual(['network', 'call-canceled']);
    },
  },
  {
    section: 6,
    name: 'drachtio-srf hears records with source, time, role or reason, and message',
    async run(bench) {
      const heard: unknown[][] = [];
      const app = await bench.srf((each) => {
        const listen = each as unknown as { on(verb: string, listener: (...args: unknown[]) => void): void };
        for (const verb of verbs) listen.on(verb, (...args) => heard.push([verb, ...args]));
        each.invite((_request, response) => response.send(480));
      });
      const peer = await bench.peer();
      const invite = peer.send(peer.request('INVITE', { body: offer }));
      const refusal = await peer.hearsStatus(480, 'INVITE');
      peer.send(peer.inDialog('ACK', refusal, 1).set('Via', invite.get('via') ?? ''));
      const probe = await bench.wire();
      await probe.ask('ping');
      expect(heard.map(([verb, source]) => [verb, source])).toEqual([
        ['cdr:attempt', 'network'],
        ['cdr:stop', 'application'],
      ]);
      expect(heard[1]?.[3]).toBe('call-rejected');
      app.disconnect();
    },
  },
];
