/** Telephony between a fake SIP stack, a fake media engine and a virtual clock. */
import { VirtualClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { readConfig } from '../../src/config.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../../src/domain/settings.ts';
import type {
  DialogJournal,
  IncomingCall,
  JournalledDialog,
  Leg,
  Telephony,
} from '../../src/telephony/contract.ts';
import type { RegistrationStore } from '../../src/telephony/registration-store.ts';
import { createTelephony } from '../../src/telephony/telephony.ts';
import { FakeMedia } from './fake-media.ts';
import { answerReply, FakeSip, type PeerRequest } from './fake-sip.ts';

export const phonePassword = 'password-201';
export const trunkAddress = '203.0.113.5';

export function testSettings(more: Partial<SettingsInput> = {}): Settings {
  return settingsSchema.parse({
    version: 1,
    extensions: [
      { id: 'anna', number: '201', name: 'Anna', secret: phonePassword },
      { id: 'bela', number: '202', name: 'Béla', secret: 'password-202', digest: 'SHA-256' },
    ],
    trunks: [
      { id: 'peer', name: 'Carrier', kind: 'peer', host: trunkAddress, addresses: ['198.51.100.0/24'] },
    ],
    ...more,
  });
}

/** What a phone or trunk offers. */
export const offer = [
  'v=0',
  'o=- 1 1 IN IP4 192.168.1.20',
  's=-',
  'c=IN IP4 192.168.1.20',
  't=0 0',
  'm=audio 4000 RTP/AVP 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
  '',
].join('\r\n');

class MemoryJournal implements DialogJournal {
  readonly live = new Map<string, JournalledDialog>();
  readonly left: JournalledDialog[] = [];

  add(dialog: JournalledDialog): void {
    this.live.set(dialog.legId, dialog);
  }

  remove(legId: string): void {
    this.live.delete(legId);
  }

  orphans(): JournalledDialog[] {
    return this.left;
  }
}

/** Lets everything that waits for a microtask run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Everything a leg told. */
export function eventsOf(leg: Leg): unknown[][] {
  const seen: unknown[][] = [];
  for (const name of ['ringing', 'early', 'answered', 'digit', 'hold', 'resume', 'played', 'ended'] as const)
    leg.events.on(name, (...args: unknown[]) => seen.push([name, ...args]));
  return seen;
}

export class TelephonyBench {
  readonly sip = new FakeSip();
  readonly media = new FakeMedia();
  readonly clock = new VirtualClock();
  readonly journal = new MemoryJournal();
  readonly incoming: IncomingCall[] = [];
  readonly telephony: Telephony;

  constructor(options: { settings?: Settings; registrations?: RegistrationStore; bind?: string } = {}) {
    this.telephony = createTelephony({
      config: readConfig({ CORDBOARD_DATA: '/nonexistent', CORDBOARD_BIND: options.bind ?? '192.168.1.2' }),
      settings: options.settings ?? testSettings(),
      reveal: (secret) => secret,
      journal: this.journal,
      media: this.media,
      sip: this.sip,
      clock: this.clock,
      log: silentLogger,
      random: () => 0.5,
      ...(options.registrations ? { registrations: options.registrations } : {}),
    });
    this.telephony.events.on('incoming', (call) => this.incoming.push(call));
  }

  static async start(options: ConstructorParameters<typeof TelephonyBench>[0] = {}): Promise<TelephonyBench> {
    const bench = new TelephonyBench(options);
    await bench.telephony.start();
    return bench;
  }

  /** Registers a phone of extension 201 (or another), challenge and all. */
  async register(
    options: { number?: string; password?: string; contact?: string; expires?: string; port?: number } = {},
  ): Promise<PeerRequest> {
    const number = options.number ?? '201';
    const uri = 'sip:pbx';
    const port = options.port ?? 5060;
    const source = { transport: 'udp' as const, address: '192.168.1.20', port };
    const headers = {
      From: `<sip:${number}@pbx>;tag=r`,
      To: `<sip:${number}@pbx>`,
      Contact: options.contact ?? `<sip:${number}@192.168.1.20:${port}>`,
      Expires: options.expires ?? '600',
    };
    const first = this.sip.receive('REGISTER', { uri, headers, source });
    await settle();
    const credentials = answerReply(first.last, {
      username: number,
      password: options.password ?? (number === '201' ? phonePassword : 'password-202'),
      method: 'REGISTER',
      uri,
    });
    const second = this.sip.receive('REGISTER', { uri, headers: { ...headers, ...credentials }, source });
    await settle();
    return second;
  }

  /** A call from the peer trunk, up to `incoming`. */
  async trunkCall(
    options: { body?: string; headers?: Record<string, string>; uri?: string; callId?: string } = {},
  ): Promise<{ invite: PeerRequest; call: IncomingCall; dialogId: string }> {
    const callId = options.callId ?? 'trunk-call';
    const invite = this.sip.receive('INVITE', {
      uri: options.uri ?? 'sip:4412345@pbx',
      callId,
      headers: { From: '"Caller" <sip:+3611111@carrier>;tag=peer-tag', ...options.headers },
      body: options.body ?? offer,
      source: { transport: 'udp', address: trunkAddress, port: 5060 },
    });
    await settle();
    const call = this.incoming.at(-1);
    if (!call) throw new Error(`the call was answered with ${invite.last?.status}`);
    return { invite, call, dialogId: `${callId};from-tag=peer-tag` };
  }

  /** A call from the phone of extension 201, challenge and all, up to `incoming`. */
  async phoneCall(body = offer): Promise<{ invite: PeerRequest; call: IncomingCall; dialogId: string }> {
    const uri = 'sip:202@pbx';
    const options = { uri, callId: 'phone-call', body, headers: { From: '<sip:201@pbx>;tag=phone-tag' } };
    const first = this.sip.receive('INVITE', options);
    await settle();
    const credentials = answerReply(first.last, {
      username: '201',
      password: phonePassword,
      method: 'INVITE',
      uri,
    });
    const invite = this.sip.receive('INVITE', {
      ...options,
      headers: { ...options.headers, ...credentials },
    });
    await settle();
    const call = this.incoming.at(-1);
    if (!call) throw new Error(`the call was answered with ${invite.last?.status}`);
    return { invite, call, dialogId: 'phone-call;from-tag=phone-tag' };
  }

  /** A call from the trunk, answered and acknowledged. */
  async answeredCall(
    options: Parameters<TelephonyBench['trunkCall']>[0] = {},
  ): Promise<{ invite: PeerRequest; leg: Leg; dialogId: string; seen: unknown[][] }> {
    const { invite, call, dialogId } = await this.trunkCall(options);
    const seen = eventsOf(call.leg);
    const answered = call.leg.answer();
    await settle();
    this.sip.receiveIn(dialogId, 'ACK');
    await answered;
    return { invite, leg: call.leg, dialogId, seen };
  }
}
