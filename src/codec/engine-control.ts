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

/** Numbers by which a test proves that nothing leaked. */
export interface EngineStats {
  transactions: number;
  dialogs: number;
  timers: number;
  connections: number;
  wireClients: number;
  malformed: number;
  pid: number;
}

export type EngineOperations = {
  configure: { args: EngineAddressing; result: null };
  stats: { args: Record<string, never>; result: EngineStats };
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

export type EngineNotices = Notices & { message: TappedMessage };
