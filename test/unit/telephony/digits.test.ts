import { describe, expect, it } from 'vitest';
import { formatDtmfInfo, parseDtmfInfo } from '../../../src/codec/dtmf-info.ts';
import type { RemoteMedia } from '../../../src/codec/media-control.ts';
import type { DtmfMode } from '../../../src/domain/settings.ts';
import type { Leg } from '../../../src/telephony/contract.ts';
import { eventsOf, offer, settle, TelephonyBench, testSettings } from '../../support/telephony-bench.ts';

const withoutEvents = offer.replace('8 0 101', '8 0').replace(/a=rtpmap.*\r\n/, '');
const relay = { headers: { 'Content-Type': 'application/dtmf-relay' } };

function benchWith(dtmf: DtmfMode): Promise<TelephonyBench> {
  const settings = testSettings();
  return TelephonyBench.start({
    settings: { ...settings, trunks: settings.trunks.map((trunk) => ({ ...trunk, dtmf })) },
  });
}

/** A call from a trunk of this mode, answered. */
async function answered(dtmf: DtmfMode, body = offer) {
  const bench = await benchWith(dtmf);
  const call = await bench.answeredCall({ body });
  return { bench, ...call, remote: bench.media.asked('leg.remote')[0]?.remote as RemoteMedia };
}

/** The digits told by INFO so far, each answered at once. */
function infos(bench: TelephonyBench): string[] {
  return bench.sip.all('INFO').map(({ request }) => request.body ?? '');
}

describe('how a peer sends and takes digits', () => {
  it.each<[DtmfMode, string, string, Partial<RemoteMedia>]>([
    ['auto', 'events', offer, { telephoneEventPayloadType: 101 }],
    ['auto', 'no events', withoutEvents, { hearTones: true }],
    ['rfc4733', 'events', offer, { telephoneEventPayloadType: 101 }],
    ['rfc4733', 'no events', withoutEvents, {}],
    ['info', 'events', offer, { digitsBySignalling: true }],
    ['inband', 'events', offer, { hearTones: true }],
  ])('%s, of a peer that offers %s', async (dtmf, _name, body, expected) => {
    const { remote, invite } = await answered(dtmf, body);
    const {
      telephoneEventPayloadType = undefined,
      hearTones = undefined,
      digitsBySignalling = undefined,
    } = remote;
    const told = { telephoneEventPayloadType, hearTones, digitsBySignalling };
    expect(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))).toEqual(
      expected,
    );
    expect(invite.last?.body?.includes('telephone-event')).toBe('telephoneEventPayloadType' in expected);
  });

  it.each<[DtmfMode, boolean]>([
    ['auto', true],
    ['info', true],
    ['rfc4733', false],
    ['inband', false],
  ])('%s: INFO counts: %s', async (dtmf, counts) => {
    const { bench, dialogId, seen } = await answered(dtmf);
    const info = bench.sip.receiveIn(dialogId, 'INFO', { ...relay, body: 'Signal=5\r\nDuration=160\r\n' });
    await settle();
    expect(info.last?.status).toBe(200);
    expect(seen.filter(([name]) => name === 'digit')).toEqual(counts ? [['digit', '5']] : []);
  });

  it.each<[DtmfMode, boolean]>([
    ['auto', true],
    ['rfc4733', true],
    ['info', false],
    ['inband', false],
  ])('%s: an offer of ours has telephone events: %s', async (dtmf, has) => {
    const bench = await benchWith(dtmf);
    const target = { kind: 'trunk', trunkId: 'peer', number: '0612345678' } as const;
    bench.telephony.dial({ target, callerNumber: '100', timeoutMs: 20_000 });
    await settle();
    expect(bench.sip.last('INVITE').request.body?.includes('telephone-event')).toBe(has);
  });
});

describe('digits to a peer', () => {
  it('by INFO go one after the other, whatever is answered', async () => {
    const { bench, leg } = await answered('info');
    leg.sendDigits('12');
    leg.sendDigits('#');
    await settle();
    expect(infos(bench)).toEqual(['Signal=1\r\nDuration=160\r\n']);
    expect(bench.sip.last('INFO').header('Content-Type')).toBe('application/dtmf-relay');
    bench.sip.last('INFO').respond(200);
    bench.sip.last('INFO').respond(415);
    bench.sip.last('INFO').respond(200);
    expect(infos(bench).map((body) => parseDtmfInfo('application/dtmf-relay', body))).toEqual([
      '1',
      '2',
      '#',
    ]);
    leg.sendDigits('9');
    expect(infos(bench)).toHaveLength(4);
    expect(bench.media.asked('dtmf.send')).toEqual([]);
  });

  it('otherwise are the media engine’s affair', async () => {
    const { bench, leg } = await answered('auto');
    leg.sendDigits('12');
    expect(bench.media.asked('dtmf.send')).toEqual([{ legId: leg.legId, digits: '12', durationMs: 160 }]);
    expect(infos(bench)).toEqual([]);
  });
});

describe('digits between two joined legs', () => {
  /** The trunk's call joined with a phone. */
  async function joined(dtmf: DtmfMode) {
    const call = await answered(dtmf);
    const { bench } = call;
    await bench.register();
    const target = { kind: 'extension', extensionId: 'anna' } as const;
    const phone: Leg = bench.telephony.dial({ target, callerNumber: '100', timeoutMs: 20_000 });
    await settle();
    const invite = bench.sip.last('INVITE');
    invite.respond(200, { body: offer });
    await settle();
    const bridge = await bench.telephony.bridge(call.leg, phone);
    const phoneDialog = `${invite.header('Call-ID')};from-tag=${/tag=(\w+)/.exec(invite.header('From') ?? '')?.[1]}`;
    return { ...call, phone, phoneDialog, bridge };
  }

  it('that came by RTP are carried by the media engine, and not once more', async () => {
    const { bench, phone } = await joined('auto');
    const seen = eventsOf(phone);
    bench.media.notice('dtmf', { legId: phone.legId, digit: '5', durationMs: 100 });
    expect(seen).toEqual([['digit', '5']]);
    expect(bench.media.asked('dtmf.send')).toEqual([]);
    expect(infos(bench)).toEqual([]);
  });

  it('that came by RTP are told to a peer that takes INFO alone', async () => {
    const { bench, phone } = await joined('info');
    bench.media.notice('dtmf', { legId: phone.legId, digit: '5', durationMs: 100 });
    expect(infos(bench)).toEqual(['Signal=5\r\nDuration=160\r\n']);
    expect(bench.media.asked('dtmf.send')).toEqual([]);
  });

  it('that came by INFO go on as the other peer takes them', async () => {
    const { bench, dialogId, leg, phone, phoneDialog } = await joined('auto');
    bench.sip.receiveIn(dialogId, 'INFO', { ...relay, body: formatDtmfInfo('7', 160) });
    await settle();
    expect(bench.media.asked('dtmf.send')).toEqual([{ legId: phone.legId, digits: '7', durationMs: 160 }]);
    bench.sip.receiveIn(phoneDialog, 'INFO', { ...relay, body: formatDtmfInfo('8', 160) });
    await settle();
    expect(bench.media.asked('dtmf.send')[1]).toEqual({ legId: leg.legId, digits: '8', durationMs: 160 });
  });

  it('go nowhere once the two are apart', async () => {
    const { bench, dialogId, bridge } = await joined('auto');
    await bridge.leave();
    bench.sip.receiveIn(dialogId, 'INFO', { ...relay, body: formatDtmfInfo('7', 160) });
    await settle();
    expect(bench.media.asked('dtmf.send')).toEqual([]);
  });

  it('of a browser’s keypad reach the other side', async () => {
    const { bench, leg } = await answered('auto');
    const { legId } = await bench.telephony.browser.open('anna');
    bench.telephony.browser.dial(legId, '100');
    const browser = bench.telephony.legs().find((each) => each.legId === legId) as Leg;
    await bench.telephony.bridge(leg, browser);
    bench.telephony.browser.digit(legId, '3');
    expect(bench.media.asked('dtmf.send')).toEqual([{ legId: leg.legId, digits: '3', durationMs: 160 }]);
  });
});
