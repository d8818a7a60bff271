/**
 * The small private channel beside the drachtio protocol (transport: base/control-socket): what a drachtio-server
 * takes from its own configuration file, and the tap from which SIP ladders are drawn.
 */
import type { Notices } from '../base/control-socket.ts';

export interface EngineAddressing {
  /** What networks outside see, when a router translates; null: no public side. */
  publicAddress: string | null;
  /** CIDR blocks reached without translation. */
  localNetworks: string[];
}

/** What the engine shows to those who connect by TLS. */
export interface TlsCertificate {
  /** PEM, PKCS #8. */
  key: string;
  /** PEM; the server's own first, then its issuers, if any. */
  certificate: string;
}

/** How the TLS certificate of one host is judged; without such a word of it: valid for its name, of a public authority. */
export interface TlsPeer {
  /** As in the URIs that lead to it. */
  host: string;
  /** PEM of an authority to be believed besides the public ones; null: none. */
  ca: string | null;
  /** False: any certificate will do. */
  verify: boolean;
}

/** Numbers by which a test proves that nothing leaked. */
export interface EngineStats {
  transactions: number;
  /** Those of them that are over, kept until nothing can be repeated (RFC 3261 timers D, I, J, K; RFC 6026 L, M). */
  settledTransactions: number;
  dialogs: number;
  timers: number;
  connections: number;
  wireClients: number;
  malformed: number;
  pid: number;
}

/** Why a source is banned: wrong passwords; feeling its way; a tool known for it; too many messages. */
export type GuardReason = 'passwords' | 'probing' | 'scanner' | 'flood';

/** A source nobody listens to for a while. */
export interface GuardBan {
  /** An IPv4 address, or the first half of an IPv6 address (`2001:db8:0:1::`). */
  source: string;
  reason: GuardReason;
  /** Wall clock, milliseconds since the epoch. */
  since: number;
  until: number;
  /** Messages and connections refused since. */
  count: number;
}

/** What the guard did since the engine started. */
export interface GuardCounters {
  /** Messages of banned sources dropped. */
  banned: number;
  /** Messages dropped because their source sent too many. */
  limited: number;
  /** Requests of known scanners dropped. */
  scanners: number;
  /** Wrong passwords. */
  failures: number;
  /** Bans that began. */
  bans: number;
}

/** How many new calls the application takes. */
export interface CallRoom {
  /** Until it is said anew. */
  calls: number;
  /** What who is refused is told. */
  retryAfterS: number;
  /** Numbers that are never refused here. */
  alwaysFor: string[];
}

export type EngineOperations = {
  configure: { args: EngineAddressing; result: null };
  /** @returns calls refused here since the engine started */
  'calls.room': { args: CallRoom; result: { refused: number } };
  /** For connections from now on; to be told again after each start. */
  'tls.certificate': { args: TlsCertificate; result: null };
  /** All hosts with settings of their own; replaces those told before. */
  'tls.peers': { args: { peers: TlsPeer[] }; result: null };
  stats: { args: Record<string, never>; result: EngineStats };
  'guard.list': { args: Record<string, never>; result: { bans: GuardBan[]; counters: GuardCounters } };
  /** Addresses that have proven themselves to an engine before this one: phones that are registered. */
  'guard.know': { args: { sources: string[] }; result: null };
  /** Ends a ban; `released` is false when there was none. */
  'guard.release': { args: { source: string }; result: { released: boolean } };
};

/** One SIP message as it was on the wire. */
export interface TappedMessage {
  /** Wall clock, milliseconds since the epoch. */
  atMs: number;
  direction: 'in' | 'out';
  transport: 'udp' | 'tcp' | 'tls';
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  callId: string;
  text: string;
}

export type EngineNotices = Notices & { message: TappedMessage; guard: GuardBan };
