/** What a caller hears before the answer, through the whole product: the far end where it speaks, ringback where not. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { RtpSource } from '../support/rtp-source.ts';
import { toneShare } from '../support/sound.ts';
import { SipPeer, sdp } from './sip-engine-support.ts';

const farEndHz = 600;
/** Ringback of GB, of which one tone is looked for. */
const ringbackHz = 400;

describe('before the answer', () => {
  let box: Instance;
  let carrier: SipPeer;
  let gateway: RtpSource;
  let desk: Baresip | undefined;

  beforeAll(async () => {
    const first = await freePorts(8);
    const ports = { sip: first, http: first + 2, drachtio: first + 4, webrtc: first + 6 };
    carrier = await SipPeer.open(first, 'udp', { engine: '127.0.0.1', own: carrierAddress });
    carrier.onRequest = (request) => {
      if (request.method !== 'OPTIONS' || request.toTag !== '') return false;
      carrier.answer(request, 200);
      return true;
    };
    gateway = await RtpSource.open(carrierAddress);
    box = await Instance.start({
      settings: office(carrier.port),
      ports: { ...ports, rtpFrom: 10_000 + 2 * (first % 2500) },
    });
    await box.login();
  });
  afterEach(async () => {
    gateway.hush();
    await desk?.stop();
    await box.assertIdle();
  });
  afterAll(async () => {
    gateway?.close();
    carrier?.close();
    await box?.stop();
  });

  const described = (): string => sdp('sendrecv', gateway.port).replaceAll('127.0.0.1', carrierAddress);
  const listenFor = async (ms: number): Promise<void> => {
    const since = performance.now();
    await eventually(`${ms} ms of listening`, () => performance.now() - since > ms);
  };
  /** What the phone heard, quarter by quarter of a second, each thing once in a row. */
  const heard = (): string[] => {
    const samples = desk?.heard().at(-1) ?? new Int16Array();
    const names: string[] = [];
    for (let at = 0; at + 2000 <= samples.length; at += 2000) {
      const quarter = samples.subarray(at, at + 2000);
      const name =
        toneShare(quarter, farEndHz) > 0.8
          ? 'far end'
          : toneShare(quarter, ringbackHz) > 0.3
            ? 'ringback'
            : '';
      if (name !== '' && names.at(-1) !== name) names.push(name);
    }
    return names;
  };

  it('a 183 without media rings; its media is heard when it comes; after a 180 and silence ringback is heard', async () => {
    desk = await Baresip.start({ user: '103', server: box.sip, password: secrets['103'], toneHz: 900 });
    desk.dial('36301112233');
    const invite = await carrier.hearsRequest('INVITE');
    const ourPort = Number(/m=audio (\d+)/.exec(invite.body)?.[1]);
    carrier.answer(invite, 183, described());
    await desk.waitFor('CALL_RINGING');
    gateway.speak(ourPort, farEndHz);
    await desk.waitFor('CALL_PROGRESS');
    await listenFor(1000);
    carrier.answer(invite, 180);
    gateway.hush();
    await listenFor(3500);
    gateway.speak(ourPort, farEndHz);
    await listenFor(1500);
    carrier.answer(invite, 200, described());
    await desk.waitFor('CALL_ESTABLISHED');
    await carrier.hearsRequest('ACK');
    await listenFor(1000);
    desk.hangUp();
    carrier.answer(await carrier.hearsRequest('BYE'), 200);
    await desk.waitFor('CALL_CLOSED');
    expect(heard()).toEqual(['far end', 'ringback', 'far end']);
    expect(carrier.heard.filter((each) => each.method === 'CANCEL')).toEqual([]);
  });
});
