/** Subscriptions (RFC 6665) in both roles over hours that pass at once: the clock is virtual, the sockets are real. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/base/clock.ts';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { standardTiming } from '../../src/sip-engine/timing.ts';
import { eventually } from '../support/eventually.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
  SipPeer,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

let clock: VirtualClock;
let test: TestEngine;
let peer: SipPeer;
let app: App;

beforeEach(async () => {
  clock = new VirtualClock();
  test = await startEngine(standardTiming, { clock });
  peer = await SipPeer.open(test.sipPort);
});
afterEach(async () => {
  await test.finish();
  peer.close();
});

/** The engine has worked off what the peer sent so far. */
async function processed(): Promise<void> {
  peer.send(peer.request('BYE'));
  await peer.hearsStatus(481, 'BYE');
}

describe('as the notifier', () => {
  let dialog: AppDialog | undefined;
  let seen: string[];

  beforeEach(async () => {
    dialog = undefined;
    seen = [];
    app = await test.connect((each) =>
      each.subscribe((request: AppRequest, response: AppResponse) => {
        if (request.get('Event') !== 'dialog')
          return response.send(489, { headers: { 'Allow-Events': 'dialog' } });
        void each.createUAS(request, response, { headers: { Expires: '600' } }).then((made) => {
          dialog = made;
          made.on('subscribe', (again: AppRequest, answer: AppResponse) => {
            seen.push(`refresh ${again.get('Expires')}`);
            answer.send(200, { headers: { Expires: again.get('Expires') } });
          });
          made.on('unsubscribe', (_: unknown, answer?: AppResponse) => {
            seen.push('unsubscribe');
            answer?.send?.(200);
          });
        });
      }),
    );
  });

  async function subscribed(): Promise<SipMessage> {
    const accepted = await eventually('SUBSCRIBE is taken', async () => {
      peer.send(peer.request('SUBSCRIBE').add('Event', 'dialog').add('Expires', '600'));
      const answer = await peer.hears('an answer', (each) => each.cseq?.method === 'SUBSCRIBE');
      return answer.status === 202 && answer;
    });
    await eventually('the application has the dialog', () => dialog);
    return accepted;
  }

  it('a package that nobody knows is refused with 489 as the application says', async () => {
    const refused = await eventually('SUBSCRIBE is refused', async () => {
      peer.send(peer.request('SUBSCRIBE').add('Event', 'weather').add('Expires', '600'));
      const answer = await peer.hears('an answer', (each) => each.cseq?.method === 'SUBSCRIBE');
      return answer.status === 489 && answer;
    });
    expect(refused.get('allow-events')).toBe('dialog');
    expect(test.engine.stats().dialogs).toBe(0);
  });

  it('a subscription lives as long as it is refreshed, and is forgotten a minute after its time', async () => {
    const accepted = await subscribed();
    for (let i = 0; i < 3; i++) {
      clock.advance(590_000);
      peer.send(
        peer
          .inDialog('SUBSCRIBE', accepted, 2 + i)
          .add('Event', 'dialog')
          .add('Expires', '600'),
      );
      await peer.hearsStatus(200, 'SUBSCRIBE');
    }
    expect(test.engine.stats().dialogs).toBe(1);
    clock.advance(659_000);
    expect(test.engine.stats().dialogs).toBe(1);
    clock.advance(1000);
    expect(test.engine.stats().dialogs).toBe(0);
    peer.send(peer.inDialog('SUBSCRIBE', accepted, 9).add('Event', 'dialog').add('Expires', '600'));
    await peer.hearsStatus(481, 'SUBSCRIBE');
    expect(seen).toEqual(['refresh 600', 'refresh 600', 'refresh 600']);
  });

  it('a refresh out of order is refused, and changes nothing', async () => {
    const accepted = await subscribed();
    const refresh = (cseq: number) =>
      peer.send(peer.inDialog('SUBSCRIBE', accepted, cseq).add('Event', 'dialog').add('Expires', '600'));
    refresh(7);
    await peer.hearsStatus(200, 'SUBSCRIBE');
    refresh(6);
    await peer.hearsStatus(500, 'SUBSCRIBE');
    expect(seen).toEqual(['refresh 600']);
    expect(test.engine.stats().dialogs).toBe(1);
  });
});

describe('as the subscriber', () => {
  let dialog: AppDialog;
  let subscribe: SipMessage;
  let states: string[];

  beforeEach(async () => {
    states = [];
    app = await test.connect();
    const subscribing = app.createUAC(`sip:bob@127.0.0.1:${peer.port}`, {
      method: 'SUBSCRIBE',
      headers: { From: '<sip:bob@127.0.0.1>', Event: 'dialog', Expires: '600' },
    });
    subscribe = await peer.hearsRequest('SUBSCRIBE');
    peer.answer(subscribe, 200, '', [['Expires', '600']]);
    dialog = await subscribing;
    dialog.on('notify', (request: AppRequest, response: AppResponse) => {
      states.push(request.get('Subscription-State'));
      response.send(200);
    });
  });

  const notify = (cseq: number, state: string): SipMessage =>
    peer.send(
      peer.inDialogOf('NOTIFY', subscribe, cseq).add('Event', 'dialog').add('Subscription-State', state),
    );
  async function ends(cseq: number): Promise<void> {
    notify(cseq, 'terminated;reason=timeout');
    await peer.hearsStatus(200, 'NOTIFY');
    await eventually('the dialog is gone', () => test.engine.stats().dialogs === 0);
  }

  it('a refresh of the application is sent in the dialog and prolongs it', async () => {
    clock.advance(590_000);
    const refreshed = dialog.request({ method: 'SUBSCRIBE', headers: { Event: 'dialog', Expires: '600' } });
    const refresh = await peer.hearsRequest('SUBSCRIBE');
    expect([refresh.toTag, refresh.get('expires'), refresh.has('contact')]).toEqual(['peer', '600', true]);
    peer.answer(refresh, 200, '', [['Expires', '600']]);
    expect((await refreshed).status).toBe(200);
    clock.advance(600_000);
    expect(test.engine.stats().dialogs).toBe(1);
    await ends(1);
    expect(states).toEqual(['terminated;reason=timeout']);
  });

  it('an unsubscribe ends with the last NOTIFY, or when that never comes, a minute later', async () => {
    const left = dialog.request({ method: 'SUBSCRIBE', headers: { Event: 'dialog', Expires: '0' } });
    const last = await peer.hearsRequest('SUBSCRIBE');
    peer.answer(last, 200, '', [['Expires', '0']]);
    await left;
    clock.advance(59_000);
    expect(test.engine.stats().dialogs).toBe(1);
    clock.advance(1000);
    expect(test.engine.stats().dialogs).toBe(0);
    notify(1, 'terminated');
    await peer.hearsStatus(481, 'NOTIFY');
  });

  it('what a NOTIFY says of the time left counts', async () => {
    notify(1, 'active;expires=3600');
    await peer.hearsStatus(200, 'NOTIFY');
    clock.advance(3_600_000);
    expect(test.engine.stats().dialogs).toBe(1);
    notify(2, 'active;expires=10');
    await peer.hearsStatus(200, 'NOTIFY');
    clock.advance(70_000);
    expect(test.engine.stats().dialogs).toBe(0);
    expect(states).toEqual(['active;expires=3600', 'active;expires=10']);
  });

  it('a NOTIFY out of order is refused, and not told', async () => {
    notify(5, 'active');
    await peer.hearsStatus(200, 'NOTIFY');
    notify(4, 'terminated');
    await peer.hearsStatus(500, 'NOTIFY');
    expect(states).toEqual(['active']);
    expect(test.engine.stats().dialogs).toBe(1);
    await ends(6);
  });
});

describe('a NOTIFY that overtakes the answer', () => {
  it('makes the dialog, which does not outlive its time though the SUBSCRIBE is never answered', async () => {
    app = await test.connect((each) =>
      each.use((request: AppRequest, response: AppResponse) => {
        if (request.method === 'NOTIFY') response.send(200);
      }),
    );
    const failed = app
      .createUAC(`sip:bob@127.0.0.1:${peer.port}`, {
        method: 'SUBSCRIBE',
        headers: { From: '<sip:bob@127.0.0.1>', Event: 'dialog', Expires: '600' },
      })
      .catch((error: { status: number }) => error.status);
    const subscribe = await peer.hearsRequest('SUBSCRIBE');
    peer.send(
      peer
        .inDialogOf('NOTIFY', subscribe, 1)
        .add('Event', 'dialog')
        .add('Subscription-State', 'active;expires=300'),
    );
    await peer.hearsStatus(200, 'NOTIFY');
    clock.advance(32_000);
    expect(await failed).toBe(408);
    expect(test.engine.stats().dialogs).toBe(1);
    clock.advance(360_000);
    await processed();
    expect(test.engine.stats().dialogs).toBe(0);
  });
});
