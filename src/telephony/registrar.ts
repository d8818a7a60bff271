/**
 * Registrar (RFC 3261 §10.3): which phones an extension has, and where they are reached. Several phones for one
 * extension; a phone behind a NAT is reached at the address its REGISTER came from.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/log.ts';
import {
  type NameAddr,
  nameAddrParameter,
  parseContacts,
  parseNameAddr,
  parsePartyUri,
} from '../codec/name-addr.ts';
import type { Extension } from '../domain/settings.ts';
import type { DigestServer } from './digest-server.ts';
import type { RegisteredContact, RegistrationStore } from './registration-store.ts';
import type { SipReply, SipRequest } from './sip-port.ts';

/** Expiry limits in seconds. A phone that asks for less than the minimum is told so (423). */
export const registrationExpiryS = { min: 60, default: 300, max: 3600 } as const;
/** Contacts of one extension; above that the one registered longest ago gives way. */
const maxContacts = 10;

export interface RegistrarDeps {
  clock: Clock;
  digest: DigestServer;
  store: RegistrationStore;
  log: Logger;
}

export class Registrar {
  readonly events = new Emitter<{ changed: [] }>();
  readonly #deps: RegistrarDeps;
  readonly #contacts = new Map<string, RegisteredContact[]>();
  #extensionIds = new Set<string>();
  /** A phone refreshed since the last round; that alone is told once a round, not at each REGISTER. */
  #refreshed = false;

  constructor(deps: RegistrarDeps) {
    this.#deps = deps;
  }

  /** Takes up what was registered before a restart. */
  start(): void {
    const now = this.#deps.clock.now();
    for (const contact of this.#deps.store.load()) {
      if (contact.expiresAt <= now || !this.#extensionIds.has(contact.extensionId)) continue;
      this.#contacts.set(contact.extensionId, [...this.contactsOf(contact.extensionId), contact]);
    }
    if (this.#contacts.size > 0) this.events.emit('changed');
  }

  /** An extension that is gone loses its phones. */
  configure(extensions: readonly Extension[]): void {
    this.#extensionIds = new Set(extensions.map((extension) => extension.id));
    const gone = [...this.#contacts.keys()].filter((id) => !this.#extensionIds.has(id));
    for (const id of gone) this.#contacts.delete(id);
    if (gone.length > 0) this.#changed();
  }

  /** Registered phones that have not expired, the latest first. */
  contactsOf(extensionId: string): RegisteredContact[] {
    return this.#contacts.get(extensionId) ?? [];
  }

  all(): RegisteredContact[] {
    return [...this.#contacts.values()].flat();
  }

  /** Drops what has expired; called every few seconds. */
  expire(): void {
    const now = this.#deps.clock.now();
    let dropped = false;
    for (const [id, contacts] of this.#contacts) {
      const alive = contacts.filter((contact) => contact.expiresAt > now);
      if (alive.length === contacts.length) continue;
      dropped = true;
      this.#put(id, alive);
    }
    if (dropped) this.#changed();
    else if (this.#refreshed) this.events.emit('changed');
    this.#refreshed = false;
  }

  /** Answers a REGISTER. */
  async handle(request: SipRequest): Promise<void> {
    const [status, reply] = this.#answer(request);
    await request.respond(status, reply);
  }

  #answer(request: SipRequest): [number, SipReply?] {
    const addressOfRecord = parseNameAddr(request.header('To') ?? '');
    const user = parsePartyUri(addressOfRecord?.uri ?? '')?.user;
    if (user === undefined) return [400];
    const authentication = this.#deps.digest.authenticate(request, user, false);
    if (authentication.kind === 'challenge')
      return [authentication.status, { headers: authentication.headers }];
    if (authentication.kind === 'refused' || authentication.extension.number !== user) {
      this.#deps.log.warn('a registration was refused', { number: user, source: request.source });
      return [403];
    }
    return this.#register(request, authentication.extension);
  }

  #register(request: SipRequest, extension: Extension): [number, SipReply?] {
    const header = request.header('Contact');
    if (header === undefined) return this.#ok(extension); // a query (RFC 3261 §10.2.3)
    const contacts = parseContacts(header);
    const cseq = Number.parseInt(request.header('CSeq') ?? '', 10);
    const asked = seconds(request.header('Expires'));
    if (contacts === undefined || !Number.isInteger(cseq)) return [400];
    if (contacts === '*') {
      if (asked !== 0) return [400]; // RFC 3261 §10.3 step 6
      this.#put(extension.id, []);
      this.#changed();
      return this.#ok(extension);
    }
    const wanted = contacts.map((contact) => ({
      contact,
      expiresS: seconds(nameAddrParameter(contact, 'expires')) ?? asked ?? registrationExpiryS.default,
    }));
    if (wanted.some(({ expiresS }) => expiresS > 0 && expiresS < registrationExpiryS.min))
      return [423, { headers: { 'Min-Expires': String(registrationExpiryS.min) } }];
    const before = this.contactsOf(extension.id);
    let bindings = before;
    for (const { contact, expiresS } of wanted) {
      const same = (binding: RegisteredContact): boolean => sameContact(binding, contact);
      const old = bindings.find(same);
      // An older request that arrives late must not undo a newer one (RFC 3261 §10.3 step 7).
      if (old && old.callId === request.callId && cseq <= old.cseq) return [500];
      bindings = bindings.filter((binding) => !same(binding));
      if (expiresS > 0) bindings.unshift(this.#binding(request, extension, contact, expiresS, cseq));
    }
    bindings = bindings.slice(0, maxContacts);
    this.#put(extension.id, bindings);
    if (samePlaces(before, bindings)) {
      this.#refreshed = true;
      this.#deps.store.save(this.all(), 'expiry');
    } else this.#changed();
    return this.#ok(extension);
  }

  #binding(
    request: SipRequest,
    extension: Extension,
    contact: NameAddr,
    expiresS: number,
    cseq: number,
  ): RegisteredContact {
    const now = this.#deps.clock.now();
    return {
      extensionId: extension.id,
      uri: contact.uri,
      instance: nameAddrParameter(contact, '+sip.instance'),
      source: request.source,
      callId: request.callId,
      cseq,
      registeredAt: now,
      expiresAt: now + Math.min(expiresS, registrationExpiryS.max) * 1000,
      userAgent: (request.header('User-Agent') ?? '').slice(0, 100),
    };
  }

  #ok(extension: Extension): [number, SipReply] {
    const now = this.#deps.clock.now();
    const list = this.contactsOf(extension.id).map(
      ({ uri, expiresAt }) => `<${uri}>;expires=${Math.max(0, Math.round((expiresAt - now) / 1000))}`,
    );
    return [
      200,
      list.length === 0 ? { headers: { Expires: '0' } } : { headers: { Contact: list.join(', ') } },
    ];
  }

  #put(extensionId: string, contacts: RegisteredContact[]): void {
    if (contacts.length === 0) this.#contacts.delete(extensionId);
    else this.#contacts.set(extensionId, contacts);
  }

  #changed(): void {
    this.#deps.store.save(this.all(), 'places');
    this.events.emit('changed');
  }
}

/** Whether the same phones are at the same places; the order and the expiry may differ. */
function samePlaces(a: RegisteredContact[], b: RegisteredContact[]): boolean {
  const places = (contacts: RegisteredContact[]): string =>
    contacts
      .map(({ uri, source }) => `${uri} ${source.transport} ${source.address} ${source.port}`)
      .sort()
      .join('\n');
  return places(a) === places(b);
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;
}

function sameContact(binding: RegisteredContact, contact: NameAddr): boolean {
  const instance = nameAddrParameter(contact, '+sip.instance');
  if (instance !== undefined && binding.instance !== undefined) return instance === binding.instance;
  const a = parsePartyUri(binding.uri);
  const b = parsePartyUri(contact.uri);
  if (!a || !b) return binding.uri === contact.uri;
  return (
    a.user === b.user &&
    a.host === b.host &&
    (a.port ?? 5060) === (b.port ?? 5060) &&
    (a.transport ?? 'udp') === (b.transport ?? 'udp')
  );
}
