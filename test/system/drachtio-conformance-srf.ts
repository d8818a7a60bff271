/** Section 7 of the admin protocol: what drachtio-srf, unchanged, relies on. */
import { once } from 'node:events';
import { expect } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import type { Bench, ConformanceCase } from '../support/conformance.ts';
import { eventually } from '../support/eventually.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
  offer,
  type SipPeer,
  sdp,
} from './sip-engine-support.ts';

const answerSdp = sdp('sendrecv', 5000);

type Dialogs = { uas: AppDialog; uac: AppDialog };
type Bridging = App & {
  createB2BUA(request: AppRequest, response: AppResponse, uri: string, options?: object): Promise<Dialogs>;
  findDialogByCallIDAndFromTag(callId: string, tag: string): AppDialog | undefined;
};

interface Talk {
  app: App;
  peer: SipPeer;
  invite: SipMessage;
  dialog: AppDialog;
}

/** A call of the application to a peer, answered. */
async function calling(bench: Bench, options: object = {}): Promise<Talk> {
  const app = await bench.srf(() => {});
  const peer = await bench.peer();
  const made = app.createUAC(`sip:bob@${bench.target.own}:${peer.port}`, { localSdp: offer, ...options });
  const invite = await peer.hearsRequest('INVITE');
  peer.answer(invite, 200, answerSdp);
  const dialog = await made;
  await peer.hearsRequest('ACK');
  return { app, peer, invite, dialog };
}

async function destroy(dialog: AppDialog, peer: SipPeer): Promise<void> {
  const ended = dialog.destroy();
  peer.answer(await peer.hearsRequest('BYE'), 200);
  await ended;
}

async function uri(bench: Bench, peer: SipPeer): Promise<string> {
  return `sip:bob@${bench.target.own}:${peer.port}`;
}

export const srfCases: ConformanceCase[] = [
  {
    section: 7,
    name: 'createUAS answers, hears its ACK, is found by Call-ID and From tag, and ends by the caller',
    async run(bench) {
      let dialog: AppDialog | undefined;
      const app = (await bench.srf((each) =>
        each.invite(async (request, response) => {
          dialog = await each.createUAS(request, response, { localSdp: answerSdp });
        }),
      )) as Bridging;
      const peer = await bench.peer();
      const invite = peer.send(peer.request('INVITE', { body: offer }));
      const accepted = await peer.hearsStatus(200, 'INVITE');
      const made = await eventually('createUAS resolves', () => dialog);
      const acknowledged = once(made, 'ack');
      peer.acknowledge(accepted);
      await acknowledged;
      expect(made.id).toBe(`${invite.callId};from-tag=bob`);
      expect(app.findDialogByCallIDAndFromTag(invite.callId, 'bob')).toBe(made);
      const destroyed = once(made, 'destroy');
      peer.send(peer.inDialog('BYE', accepted, 2));
      await peer.hearsStatus(200, 'BYE');
      await destroyed;
    },
  },
  {
    section: 7,
    name: 'createUAC tells progress, resolves with both descriptions and destroys',
    async run(bench) {
      const app = await bench.srf(() => {});
      const peer = await bench.peer();
      const progress: number[] = [];
      const options = { localSdp: offer, callingNumber: '4711' };
      const made = app.createUAC(await uri(bench, peer), options, {
        cbProvisional: (response: AppResponse) => progress.push(response.status),
      });
      const invite = await peer.hearsRequest('INVITE');
      expect(invite.get('from')).toContain(`sip:4711@${bench.sipAddress}`);
      expect(invite.get('contact')).toContain(`sip:4711@${bench.sipAddress}`);
      peer.answer(invite, 180);
      await eventually('180 is told', () => progress.includes(180));
      peer.answer(invite, 200, answerSdp);
      const dialog = await made;
      expect(dialog.remote.sdp).toBe(answerSdp);
      expect(dialog.id).toBe(`${invite.callId};from-tag=${invite.fromTag}`);
      await peer.hearsRequest('ACK');
      await destroy(dialog, peer);
      expect(progress).toEqual([180]);
    },
  },
  {
    section: 7,
    name: 'createUAC answers a digest challenge with the same Call-ID and From tag and the next CSeq',
    async run(bench) {
      const app = await bench.srf(() => {});
      const peer = await bench.peer();
      const auth = { username: 'bob', password: 'secret' };
      const made = app.createUAC(await uri(bench, peer), { localSdp: offer, auth });
      const first = await peer.hearsRequest('INVITE');
      const challenge: [string, string] = [
        'WWW-Authenticate',
        'Digest realm="office", nonce="n1", qop="auth"',
      ];
      peer.answer(first, 401, '', [challenge]);
      await peer.hearsRequest('ACK');
      const second = await peer.hearsRequest('INVITE');
      expect(second.get('authorization')).toContain('username="bob"');
      expect(second.callId).toBe(first.callId);
      expect(second.fromTag).toBe(first.fromTag);
      expect(second.cseq?.number).toBe((first.cseq?.number ?? 0) + 1);
      peer.answer(second, 200, answerSdp);
      const dialog = await made;
      await peer.hearsRequest('ACK');
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'createUAC rejects with the status when nobody is there',
    async run(bench) {
      const app = await bench.srf(() => {});
      const failed = app.createUAC('sip:x@127.0.0.1:9;transport=tcp', { localSdp: offer });
      await expect(failed).rejects.toMatchObject({ status: 503 });
    },
  },
  {
    section: 7,
    name: 'createB2BUA joins caller and callee, and each side’s BYE reaches the application',
    async run(bench) {
      const callee = await bench.peer();
      const target = await uri(bench, callee);
      let dialogs: Dialogs | undefined;
      await bench.srf((each) =>
        each.invite(async (request, response) => {
          const app = each as Bridging;
          dialogs = await app.createB2BUA(request, response, target, { localSdpB: request.body });
          dialogs.uas.on('destroy', () => void dialogs?.uac.destroy());
          dialogs.uac.on('destroy', () => void dialogs?.uas.destroy());
        }),
      );
      const caller = await bench.peer();
      caller.send(caller.request('INVITE', { body: offer }));
      const leg = await callee.hearsRequest('INVITE');
      expect(leg.body).toBe(offer);
      callee.answer(leg, 180);
      await caller.hearsStatus(180, 'INVITE');
      callee.answer(leg, 200, answerSdp);
      const accepted = await caller.hearsStatus(200, 'INVITE');
      expect(accepted.body).toBe(answerSdp);
      caller.acknowledge(accepted);
      await callee.hearsRequest('ACK');
      await eventually('createB2BUA resolves', () => dialogs);
      caller.send(caller.inDialog('BYE', accepted, 2));
      await caller.hearsStatus(200, 'BYE');
      callee.answer(await callee.hearsRequest('BYE'), 200);
    },
  },
  {
    section: 7,
    name: 'createB2BUA cancels the callee when the caller gives up, and its own 487 does no harm',
    async run(bench) {
      const callee = await bench.peer();
      const target = await uri(bench, callee);
      let failure: { status?: number } | undefined;
      await bench.srf((each) =>
        each.invite((request, response) => {
          (each as Bridging)
            .createB2BUA(request, response, target, { localSdpB: request.body })
            .catch((error) => {
              failure = error;
            });
        }),
      );
      const caller = await bench.peer();
      const invite = caller.send(caller.request('INVITE', { body: offer }));
      const leg = await callee.hearsRequest('INVITE');
      callee.answer(leg, 180);
      await caller.hearsStatus(180, 'INVITE');
      caller.send(caller.request('CANCEL', { callId: invite.callId }).set('Via', invite.get('via') ?? ''));
      await caller.hearsStatus(200, 'CANCEL');
      const ended = await caller.hearsStatus(487, 'INVITE');
      caller.send(caller.inDialog('ACK', ended, 1).set('Via', invite.get('via') ?? ''));
      callee.answer(await callee.hearsRequest('CANCEL'), 200);
      callee.answer(leg, 487);
      await eventually('createB2BUA rejects', () => failure?.status === 487);
    },
  },
  {
    section: 7,
    name: 'modify sends a re-INVITE with the dialog’s Contact and resolves with the new description',
    async run(bench) {
      const { peer, invite, dialog } = await calling(bench);
      const changed = dialog.modify(sdp('sendonly', 4000));
      const again = await peer.hearsRequest('INVITE');
      expect(again.get('contact')).toBe(invite.get('contact'));
      expect(again.body).toContain('a=sendonly');
      peer.answer(again, 200, sdp('recvonly', 5000));
      expect(await changed).toContain('a=recvonly');
      await peer.hearsRequest('ACK');
      const refused = dialog.modify(offer);
      peer.answer(await peer.hearsRequest('INVITE'), 488);
      await expect(refused).rejects.toMatchObject({ status: 488 });
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'the peer’s re-INVITE is answered with what the application decides',
    async run(bench) {
      const { peer, invite, dialog } = await calling(bench);
      dialog.on('modify', (_request: AppRequest, response: AppResponse) =>
        response.send(200, { body: sdp('recvonly', 5000) }),
      );
      const again = peer.inDialogOf('INVITE', invite, 1).add('Content-Type', 'application/sdp');
      again.body = sdp('sendonly', 6000);
      peer.send(again);
      const answer = await peer.hearsStatus(200, 'INVITE');
      expect(answer.body).toContain('a=recvonly');
      peer.send(peer.inDialogOf('ACK', invite, 1));
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'INFO and REFER of the application resolve with their final response',
    async run(bench) {
      const { peer, dialog } = await calling(bench);
      for (const method of ['INFO', 'REFER']) {
        const headers = method === 'REFER' ? { 'Refer-To': '<sip:x@example.org>' } : {};
        const done = dialog.request({ method, headers });
        peer.answer(await peer.hearsRequest(method), 202);
        expect((await done).status).toBe(202);
      }
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'INFO and REFER of the peer are emitted on the dialog',
    async run(bench) {
      const { peer, invite, dialog } = await calling(bench);
      for (const [i, method] of ['INFO', 'REFER'].entries()) {
        dialog.once(method.toLowerCase(), (_request: AppRequest, response: AppResponse) =>
          response.send(202),
        );
        peer.send(peer.inDialogOf(method, invite, i + 1));
        await peer.hearsStatus(202, method);
      }
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'UPDATE goes both ways on the dialog, and moves the peer’s target',
    async run(bench) {
      const { peer, invite, dialog } = await calling(bench);
      dialog.on('update', (request: AppRequest, response: AppResponse) => {
        expect(request.body).toBe(offer);
        response.send(200, { body: answerSdp });
      });
      const theirs = peer.inDialogOf('UPDATE', invite, 1).add('Content-Type', 'application/sdp');
      theirs.set('Contact', `<sip:moved@${bench.target.own}:${peer.port}>`).body = offer;
      peer.send(theirs);
      expect((await peer.hearsStatus(200, 'UPDATE')).body).toBe(answerSdp);
      const updated = dialog.request({ method: 'UPDATE', body: offer });
      const ours = await peer.hearsRequest('UPDATE');
      expect([ours.uri, ours.body, ours.has('contact')]).toEqual([
        `sip:moved@${bench.target.own}:${peer.port}`,
        offer,
        true,
      ]);
      peer.answer(ours, 200, answerSdp);
      expect((await updated).body).toBe(answerSdp);
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'an UPDATE before the answer is emitted on the INVITE, a second one meanwhile gets 500',
    async run(bench) {
      const updates: AppResponse[] = [];
      let answerCall = (): void => {};
      await bench.srf((each) =>
        each.invite((request, response) => {
          request.on('update', (_: AppRequest, answer: AppResponse) => updates.push(answer));
          response.send(180);
          answerCall = () => void each.createUAS(request, response, { localSdp: answerSdp });
        }),
      );
      const peer = await bench.peer();
      peer.send(peer.request('INVITE', { body: offer }));
      const ringing = await peer.hearsStatus(180, 'INVITE');
      peer.send(peer.inDialog('UPDATE', ringing, 2));
      const first = await eventually('the UPDATE is emitted', () => updates[0]);
      peer.send(peer.inDialog('UPDATE', ringing, 3));
      expect((await peer.hearsStatus(500, 'UPDATE')).has('retry-after')).toBe(true);
      first.send(200);
      await peer.hearsStatus(200, 'UPDATE');
      expect(updates).toHaveLength(1);
      answerCall();
      const accepted = await peer.hearsStatus(200, 'INVITE');
      peer.acknowledge(accepted);
      peer.send(peer.inDialog('BYE', accepted, 4));
      await peer.hearsStatus(200, 'BYE');
    },
  },
  {
    section: 7,
    name: 'a REFER of the application is followed by NOTIFYs on its dialog, which outlives the last of them',
    async run(bench) {
      const { peer, invite, dialog } = await calling(bench);
      const told: string[] = [];
      dialog.on('notify', (request: AppRequest, response: AppResponse) => {
        told.push(`${request.get('Event')} ${request.get('Subscription-State')} ${request.body.trim()}`);
        response.send(200);
      });
      const referred = dialog.request({
        method: 'REFER',
        headers: { 'Refer-To': '<sip:carol@example.com>' },
      });
      const refer = await peer.hearsRequest('REFER');
      expect(refer.get('refer-to')).toBe('<sip:carol@example.com>');
      expect(refer.has('contact')).toBe(true);
      peer.answer(refer, 202);
      expect((await referred).status).toBe(202);
      const progress = [
        ['active;expires=60', 'SIP/2.0 100 Trying'],
        ['terminated;reason=noresource', 'SIP/2.0 200 OK'],
      ] as const;
      for (const [i, [state, fragment]] of progress.entries()) {
        const notify = peer.inDialogOf('NOTIFY', invite, i + 1).add('Event', 'refer');
        notify.add('Subscription-State', state).add('Content-Type', 'message/sipfrag');
        notify.body = fragment;
        peer.send(notify);
        await peer.hearsStatus(200, 'NOTIFY');
      }
      expect(told).toEqual(progress.map(([state, fragment]) => `refer ${state} ${fragment}`));
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'a REFER of the peer is followed by NOTIFYs of the application on the dialog, which outlives the last',
    async run(bench) {
      const { peer, invite, dialog } = await calling(bench);
      dialog.on('refer', (_request: AppRequest, response: AppResponse) => response.send(202));
      peer.send(peer.inDialogOf('REFER', invite, 1).add('Refer-To', '<sip:carol@example.com>'));
      await peer.hearsStatus(202, 'REFER');
      for (const state of ['active;expires=60', 'terminated;reason=noresource']) {
        const headers = { Event: 'refer', 'Subscription-State': state, 'Content-Type': 'message/sipfrag' };
        const told = dialog.request({ method: 'NOTIFY', headers, body: 'SIP/2.0 200 OK' });
        const notify = await peer.hearsRequest('NOTIFY');
        expect([notify.get('subscription-state'), notify.body]).toEqual([state, 'SIP/2.0 200 OK']);
        peer.answer(notify, 200);
        expect((await told).status).toBe(200);
      }
      const info = dialog.request({ method: 'INFO' });
      peer.answer(await peer.hearsRequest('INFO'), 200);
      expect((await info).status).toBe(200);
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'createUAC acknowledges reliable ringing by PRACK, in order',
    async run(bench) {
      const app = await bench.srf(() => {});
      const peer = await bench.peer();
      const made = app.createUAC(await uri(bench, peer), {
        localSdp: offer,
        headers: { Supported: '100rel' },
      });
      const invite = await peer.hearsRequest('INVITE');
      for (const rseq of [5, 6]) {
        peer.answer(invite, 183, answerSdp, [
          ['Require', '100rel'],
          ['RSeq', String(rseq)],
        ]);
        const prack = await peer.hearsRequest('PRACK');
        expect(prack.get('rack')).toBe(`${rseq} ${invite.cseq?.number} INVITE`);
        peer.answer(prack, 200);
      }
      peer.answer(invite, 200, answerSdp);
      const dialog = await made;
      await peer.hearsRequest('ACK');
      await destroy(dialog, peer);
    },
  },
  {
    section: 7,
    name: 'a call whose ACK never came is destroyed with the engine’s reason',
    async run(bench) {
      let dialog: AppDialog | undefined;
      await bench.srf((each) =>
        each.invite(async (request, response) => {
          dialog = await each.createUAS(request, response, { localSdp: answerSdp });
        }),
      );
      const peer = await bench.peer();
      peer.send(peer.request('INVITE', { body: offer }));
      const made = await eventually('createUAS resolves', () => dialog);
      let reason: unknown;
      made.on('destroy', (_request: AppRequest, why: unknown) => {
        reason = why;
      });
      await eventually('the dialog is destroyed', () => reason !== undefined, bench.target.patienceMs);
      expect(reason).toContain('ACK timeout');
      peer.answer(await peer.hearsRequest('BYE'), 200);
    },
  },
  {
    section: 7,
    name: 'a request the application does not know what to do with is answered by it',
    async run(bench) {
      await bench.srf((each) => each.use((_request, response) => response.send(404)));
      const app = await bench.srf((each) => each.options((_request, response) => response.send(200)));
      const peer = await bench.peer();
      peer.send(peer.request('OPTIONS'));
      await peer.hearsStatus(200, 'OPTIONS');
      app.disconnect();
    },
  },
  {
    section: 7,
    name: 'a subscription of a peer is a dialog: NOTIFYs go, and unsubscribing ends it',
    async run(bench) {
      let dialog: AppDialog | undefined;
      await bench.srf((each) =>
        each.subscribe(async (request, response) => {
          const options = { headers: { Expires: '60' } };
          dialog = await each.createUAS(request, response, options);
        }),
      );
      const peer = await bench.peer();
      const subscribe = peer.request('SUBSCRIBE').add('Event', 'dialog').add('Expires', '60');
      peer.send(subscribe);
      const accepted = await peer.hears('a 2xx', ({ status }) => status === 202 || status === 200);
      const made = await eventually('createUAS resolves', () => dialog);
      const headers = { Event: 'dialog', 'Subscription-State': 'active' };
      const told = made.request({ method: 'NOTIFY', headers });
      peer.answer(await peer.hearsRequest('NOTIFY'), 200);
      expect((await told).status).toBe(200);
      const unsubscribed = once(made, 'unsubscribe');
      made.once('unsubscribe', (_request: AppRequest, _why: string) => {});
      const last = peer.inDialog('SUBSCRIBE', accepted, 2).add('Event', 'dialog').add('Expires', '0');
      peer.send(last);
      await unsubscribed;
      const end = made.request({
        method: 'NOTIFY',
        headers: { Event: 'dialog', 'Subscription-State': 'terminated' },
      });
      peer.answer(await peer.hearsRequest('NOTIFY'), 200);
      await end;
    },
  },
];
