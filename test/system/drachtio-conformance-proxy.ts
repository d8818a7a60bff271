/** Section 6 of the admin protocol: requests the application has proxied. */
import { expect } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { type Bench, type ConformanceCase, text, type WireApplication } from '../support/conformance.ts';
import { eventually } from '../support/eventually.ts';
import { type AppRequest, type AppResponse, offer, type SipPeer, sdp } from './sip-engine-support.ts';

const answerSdp = sdp('sendrecv', 5000);

interface ProxyResults {
  connected: boolean;
  finalStatus: number;
  responses: { address: string; port: number; msgs: { status: number }[] }[];
}
type Proxying = AppRequest & { proxy(options: object): Promise<ProxyResults> };

interface Proxied {
  caller: SipPeer;
  targets: SipPeer[];
  invite: SipMessage;
  wire: WireApplication;
  /** Id of the proxy frame. */
  id: string;
}

interface Wanted {
  flags?: string;
  targets?: number;
  maxForwards?: string;
  headers?: string[];
}

/** An INVITE that an application has proxied; `flags` are the tokens before the targets. */
async function proxied(bench: Bench, wanted: Wanted = {}): Promise<Proxied> {
  const { flags = '|fullResponse||serial||', targets: count = 1, maxForwards = '70', headers = [] } = wanted;
  const wire = await bench.wire('invite');
  const caller = await bench.peer();
  const targets: SipPeer[] = [];
  for (let i = 0; i < count; i++) targets.push(await bench.peer());
  const invite = caller.request('INVITE', { body: offer }).set('Max-Forwards', maxForwards);
  caller.send(invite);
  const { tokens } = await wire.hearsRequest('INVITE');
  const uris = targets.map(({ port }) => `sip:bob@${bench.target.own}:${port}`);
  const id = wire.tell(
    `proxy|${tokens[8]}|${flags}|${uris.join('|')}`,
    text(`INVITE ${uris[0]} SIP/2.0`, headers),
  );
  return { caller, targets, invite, wire, id };
}

/** The tokens behind the id of the next reply to the proxy frame. */
async function reply({ wire, id }: Proxied): Promise<{ tokens: string[]; status: number | undefined }> {
  const { tokens, message } = await wire.verdict(id);
  return { tokens: tokens.slice(3), status: message?.status };
}

function acknowledgeRefusal(caller: SipPeer, invite: SipMessage, refusal: SipMessage): void {
  caller.send(caller.inDialog('ACK', refusal, 1).set('Via', invite.get('via') ?? ''));
}

export const proxyCases: ConformanceCase[] = [
  {
    section: 6,
    name: 'a proxied INVITE keeps its dialog, has one hop less and our Via, and its answers go back',
    async run(bench) {
      const call = await proxied(bench, { headers: ['X-Added: by the application'] });
      const { caller, invite, targets } = call;
      const target = targets[0]!;
      const heard = await target.hearsRequest('INVITE');
      expect(heard.uri).toBe(`sip:bob@${bench.target.own}:${target.port}`);
      expect(heard.list('via')).toHaveLength(2);
      expect(heard.get('max-forwards')).toBe('69');
      expect(heard.get('x-added')).toBe('by the application');
      expect(heard.has('record-route')).toBe(false);
      for (const key of ['from', 'to', 'call-id', 'cseq', 'contact'])
        expect(heard.get(key)).toBe(invite.get(key));
      expect(heard.body).toBe(offer);
      target.answer(heard, 180);
      expect((await caller.hearsStatus(180, 'INVITE')).list('via')).toHaveLength(1);
      target.answer(heard, 200, answerSdp);
      const accepted = await caller.hearsStatus(200, 'INVITE');
      expect(accepted.get('contact')).toBe(target.contact);
      const told = await reply(call);
      expect(told.status).toBe(200);
      expect(told.tokens.slice(0, 2)).toEqual(['OK', 'network']);
      expect(told.tokens.slice(3, 6)).toEqual(['udp', bench.target.own, String(target.port)]);
      expect(told.tokens.slice(7)).toEqual(['', '', 'continue']);
      expect((await reply(call)).tokens).toEqual(['OK', 'done']);
    },
  },
  {
    section: 6,
    name: 'targets are tried one after the other until one accepts',
    async run(bench) {
      const call = await proxied(bench, { targets: 2 });
      const [first, second] = call.targets as [SipPeer, SipPeer];
      const busy = await first.hearsRequest('INVITE');
      expect(second.heard).toHaveLength(0);
      first.answer(busy, 486);
      await first.hearsRequest('ACK');
      second.answer(await second.hearsRequest('INVITE'), 200, answerSdp);
      await call.caller.hearsStatus(200, 'INVITE');
      const refused = await reply(call);
      expect([refused.status, refused.tokens[5]]).toEqual([486, String(first.port)]);
      const accepted = await reply(call);
      expect([accepted.status, accepted.tokens[5]]).toEqual([200, String(second.port)]);
      expect((await reply(call)).tokens).toEqual(['OK', 'done']);
    },
  },
  {
    section: 6,
    name: 'targets tried at once: the first to accept wins and the others are cancelled',
    async run(bench) {
      const call = await proxied(bench, { targets: 2, flags: '|fullResponse||simultaneous||' });
      const [first, second] = call.targets as [SipPeer, SipPeer];
      const losing = await first.hearsRequest('INVITE');
      const winning = await second.hearsRequest('INVITE');
      first.answer(losing, 180);
      await call.caller.hearsStatus(180, 'INVITE');
      second.answer(winning, 200, answerSdp);
      await call.caller.hearsStatus(200, 'INVITE');
      first.answer(await first.hearsRequest('CANCEL'), 200);
      first.answer(losing, 487);
      await first.hearsRequest('ACK');
      expect((await reply(call)).status).toBe(200);
      expect((await reply(call)).tokens).toEqual(['OK', 'done']);
    },
  },
  {
    section: 6,
    name: 'when nobody accepts the best refusal goes back',
    async run(bench) {
      const call = await proxied(bench, { targets: 3 });
      for (const [i, status] of [500, 404, 503].entries()) {
        const target = call.targets[i]!;
        target.answer(await target.hearsRequest('INVITE'), status);
      }
      acknowledgeRefusal(call.caller, call.invite, await call.caller.hearsStatus(404, 'INVITE'));
      for (const status of [500, 404, 503]) expect((await reply(call)).status).toBe(status);
      expect((await reply(call)).tokens).toEqual(['OK', 'done']);
    },
  },
  {
    section: 6,
    name: 'a 6xx ends the search',
    async run(bench) {
      const call = await proxied(bench, { targets: 2 });
      const [first, second] = call.targets as [SipPeer, SipPeer];
      first.answer(await first.hearsRequest('INVITE'), 603);
      acknowledgeRefusal(call.caller, call.invite, await call.caller.hearsStatus(603, 'INVITE'));
      expect((await reply(call)).status).toBe(603);
      expect((await reply(call)).tokens).toEqual(['OK', 'done']);
      expect(second.heard).toHaveLength(0);
    },
  },
  {
    section: 6,
    name: 'a target silent for the provisional timeout loses its turn',
    async run(bench) {
      const call = await proxied(bench, { targets: 2, flags: '|fullResponse||serial|200ms|' });
      const [first, second] = call.targets as [SipPeer, SipPeer];
      await first.hearsRequest('INVITE');
      second.answer(await second.hearsRequest('INVITE'), 200, answerSdp);
      await call.caller.hearsStatus(200, 'INVITE');
    },
  },
  {
    section: 6,
    name: 'a target that only rings for the final timeout is cancelled',
    departs: 'drachtio-server takes the final timeout and does nothing with it',
    async run(bench) {
      const call = await proxied(bench, { targets: 2, flags: '|fullResponse||serial||200ms' });
      const [first, second] = call.targets as [SipPeer, SipPeer];
      const ringing = await first.hearsRequest('INVITE');
      first.answer(ringing, 180);
      first.answer(await first.hearsRequest('CANCEL'), 200);
      first.answer(ringing, 487);
      second.answer(await second.hearsRequest('INVITE'), 200, answerSdp);
      await call.caller.hearsStatus(200, 'INVITE');
    },
  },
  {
    section: 6,
    name: 'followRedirects tries the Contacts of a 3xx; without it the 3xx goes back',
    async run(bench) {
      for (const follows of [true, false]) {
        const elsewhere = await bench.peer();
        const flags = `|fullResponse|${follows ? 'followRedirects' : ''}|serial||`;
        const call = await proxied(bench, { flags });
        const target = call.targets[0]!;
        target.answer(await target.hearsRequest('INVITE'), 302, '', [['Contact', elsewhere.contact]]);
        if (follows) {
          elsewhere.answer(await elsewhere.hearsRequest('INVITE'), 200, answerSdp);
          await call.caller.hearsStatus(200, 'INVITE');
        } else acknowledgeRefusal(call.caller, call.invite, await call.caller.hearsStatus(302, 'INVITE'));
        call.wire.close();
      }
    },
  },
  {
    section: 6,
    name: 'remainInDialog adds Record-Route, and ACK, INFO and BYE pass by us both ways',
    async run(bench) {
      const call = await proxied(bench, { flags: 'remainInDialog|fullResponse||serial||' });
      const { caller, targets } = call;
      const target = targets[0]!;
      const heard = await target.hearsRequest('INVITE');
      const route = heard.get('record-route') ?? '';
      expect(route).toBe(`<sip:${bench.sipAddress};lr>`);
      target.answer(heard, 200, answerSdp);
      const accepted = await caller.hearsStatus(200, 'INVITE');
      expect(accepted.get('record-route')).toBe(route);
      const within = (method: string, cseq: number): SipMessage => {
        const request = caller.inDialog(method, accepted, cseq).add('Route', route);
        request.uri = `sip:bob@${bench.target.own}:${target.port}`;
        return request;
      };
      caller.send(within('ACK', 1));
      const ack = await target.hearsRequest('ACK');
      expect(ack.has('route')).toBe(false);
      expect(ack.list('via')).toHaveLength(2);
      caller.send(within('INFO', 2));
      target.answer(await target.hearsRequest('INFO'), 200);
      expect((await caller.hearsStatus(200, 'INFO')).list('via')).toHaveLength(1);
      const bye = target.inDialogOf('BYE', heard, 1).add('Route', route);
      bye.uri = `sip:bob@${bench.target.own}:${caller.port}`;
      target.send(bye);
      caller.answer(await caller.hearsRequest('BYE'), 200);
      await target.hearsStatus(200, 'BYE');
      caller.send(within('INFO', 3));
      await caller.hearsStatus(481, 'INFO');
    },
  },
  {
    section: 6,
    name: 'a dialog that was not proxied is not relayed, whatever its Route says',
    async run(bench) {
      const victim = await bench.peer();
      const stranger = await bench.peer();
      const request = stranger.request('INFO').set('To', '<sip:x@y>;tag=guess');
      request.add('Route', `<sip:${bench.sipAddress};lr>`);
      request.uri = `sip:bob@${bench.target.own}:${victim.port}`;
      stranger.send(request);
      await stranger.hearsStatus(481, 'INFO');
      expect(victim.heard).toHaveLength(0);
    },
  },
  {
    section: 6,
    name: 'a CANCEL of the caller reaches the target that rings, and its 487 goes back',
    async run(bench) {
      const call = await proxied(bench, { targets: 2 });
      const { caller, invite } = call;
      const [first, second] = call.targets as [SipPeer, SipPeer];
      const heard = await first.hearsRequest('INVITE');
      first.answer(heard, 180);
      await caller.hearsStatus(180, 'INVITE');
      const cancel = caller.request('CANCEL', { callId: invite.callId }).set('Via', invite.get('via') ?? '');
      caller.send(cancel);
      await caller.hearsStatus(200, 'CANCEL');
      const forwarded = await first.hearsRequest('CANCEL');
      expect(forwarded.topVia?.branch).toBe(heard.topVia?.branch);
      first.answer(forwarded, 200);
      first.answer(heard, 487);
      await first.hearsRequest('ACK');
      acknowledgeRefusal(caller, invite, await caller.hearsStatus(487, 'INVITE'));
      expect(second.heard).toHaveLength(0);
    },
  },
  {
    section: 6,
    name: 'a request without a hop left is refused with 483',
    async run(bench) {
      const call = await proxied(bench, { maxForwards: '0' });
      acknowledgeRefusal(call.caller, call.invite, await call.caller.hearsStatus(483, 'INVITE'));
      expect((await reply(call)).tokens[0]).toBe('NOK');
      expect(call.targets[0]?.heard).toHaveLength(0);
    },
  },
  {
    section: 6,
    name: 'to proxy what nobody asked is refused',
    async run(bench) {
      const wire = await bench.wire();
      const { tokens } = await wire.ask(
        'proxy|nothing|||||||sip:127.0.0.1:9',
        text('INVITE sip:x@y SIP/2.0'),
      );
      expect(tokens[3]).toBe('NOK');
    },
  },
  {
    section: 6,
    name: 'a request other than INVITE is proxied too',
    async run(bench) {
      const wire = await bench.wire('message');
      const caller = await bench.peer();
      const target = await bench.peer();
      caller.send(caller.request('MESSAGE'));
      const { tokens } = await wire.hearsRequest('MESSAGE');
      const order = `proxy|${tokens[8]}||fullResponse||serial|||sip:bob@${bench.target.own}:${target.port}`;
      const id = wire.tell(order, text('MESSAGE sip:bob@127.0.0.1 SIP/2.0'));
      target.answer(await target.hearsRequest('MESSAGE'), 202);
      await caller.hearsStatus(202, 'MESSAGE');
      expect((await wire.verdict(id)).message?.status).toBe(202);
      expect((await wire.verdict(id)).tokens[4]).toBe('done');
    },
  },
  {
    section: 6,
    name: 'proxyRequest of drachtio-srf resolves with what every target said',
    async run(bench) {
      const first = await bench.peer();
      const second = await bench.peer();
      let results: ProxyResults | undefined;
      await bench.srf((app) =>
        app.invite(async (request: AppRequest, _response: AppResponse) => {
          const destination = [first, second].map(({ port }) => `sip:bob@${bench.target.own}:${port}`);
          results = await (request as Proxying).proxy({ destination });
        }),
      );
      const caller = await bench.peer();
      caller.send(caller.request('INVITE', { body: offer }));
      first.answer(await first.hearsRequest('INVITE'), 486);
      second.answer(await second.hearsRequest('INVITE'), 200, answerSdp);
      await caller.hearsStatus(200, 'INVITE');
      const { connected, finalStatus, responses } = await eventually('it resolves', () => results);
      expect({ connected, finalStatus }).toEqual({ connected: true, finalStatus: 200 });
      // It groups them by address alone when ports differ.
      expect(responses.flatMap(({ msgs }) => msgs.map(({ status }) => status))).toEqual([486, 200]);
      expect(Number(responses[0]?.port)).toBe(first.port);
    },
  },
];
