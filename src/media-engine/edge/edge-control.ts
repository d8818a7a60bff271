/**
 * Between the media process's main thread and its RTP threads: who may ask what. Messages are structured clones;
 * `{id, op, args}` is answered by `{id, ok, …}`, `{event, args}` comes unasked. What one turn of the event loop has
 * to say goes as one list, since each message wakes the other thread.
 */
import type { MessagePort, Transferable } from 'node:worker_threads';
import type { Notices } from '../../base/control-socket.ts';
import type { CodecName, MixRouting, QualityRecord, RemoteMedia } from '../../codec/media-control.ts';
import type { PlayItem, SharedSound } from './player.ts';
import type { PortRange } from './udp-pair.ts';

/** Given to a thread when it starts. */
export interface EdgeThreadConfig {
  threadIndex: number;
  rtpPorts: PortRange;
}

/** What plays: a list, or the shared music. */
export type PlayContent =
  | { kind: 'list'; items: PlayItem[]; loop: boolean }
  | { kind: 'music'; sound: SharedSound };

export interface CreateLeg {
  legId: string;
  bindAddress: string;
  /** Whose ports the leg takes; absent: its own are bound. */
  reservationId?: string | undefined;
}

export type EdgeOperations = {
  /** A direct line to another RTP thread, for bridges between the two. */
  'thread.link': { args: { threadIndex: number; port: MessagePort }; result: null };
  /** Binds ports for a leg to come. */
  'ports.reserve': { args: { reservationId: string; bindAddress: string }; result: { port: number } };
  'ports.release': { args: { reservationId: string }; result: null };
  /** Makes a leg on reserved ports, or binds a pair. `ssrc`: of what the leg will send. */
  'leg.create': { args: CreateLeg; result: { port: number; ssrc: number } };
  'leg.remote': { args: { legId: string; remote: RemoteMedia }; result: null };
  'leg.close': { args: { legId: string }; result: { quality: QualityRecord | null } };
  'leg.quality': { args: { legId: string }; result: { quality: QualityRecord } };
  /** Replaces what plays now. */
  'play.start': { args: { legId: string; playId: string; content: PlayContent }; result: null };
  'play.stop': { args: { legId: string; playId: string }; result: null };
  /** Sends what `legId` of this thread hears to `peerLegId`, on thread `peerThread`. */
  'bridge.send': { args: { legId: string; peerLegId: string; peerThread: number }; result: null };
  'bridge.stop': { args: { legId: string }; result: null };
  /** Takes a leg of thread `legThread` into a mix of this thread, which begins with its first leg. */
  'mix.join': {
    args: { mixId: string; legId: string; legThread: number; routing: MixRouting };
    result: null;
  };
  'mix.leave': { args: { mixId: string; legId: string }; result: null };
  'mix.close': { args: { mixId: string }; result: null };
  'dtmf.send': { args: { legId: string; events: number[]; durationMs: number }; result: null };
  /** Takes what the peer of a leg says as one channel of a recording; `startMs`: monotonic time of its sample 0. */
  'tap.start': { args: { tapId: number; legId: string; startMs: number }; result: null };
  /** Hands over what is left and stops. */
  'tap.stop': { args: { tapId: number }; result: null };
  stats: {
    args: Record<string, never>;
    result: { legs: number; players: number; taps: number; sockets: number; reservations: number };
  };
  /** How late the beat was at worst since this was last asked, and how many port pairs are bound. */
  load: { args: Record<string, never>; result: { worstLateMs: number; portPairs: number } };
  /** Says good-bye on all legs and frees everything. */
  stop: { args: Record<string, never>; result: null };
};

/** What one tap heard since the chunk before. */
export interface TapChunk {
  tapId: number;
  samples: Uint8Array<ArrayBuffer>;
}

export type EdgeNotices = Notices & {
  dtmf: { legId: string; digit: string; durationMs: number };
  'play.done': { legId: string; playId: string; cause: 'ended' | 'stopped' | 'replaced' };
  'leg.media': { legId: string; address: string; port: number };
  'leg.silent': { legId: string; silentMs: number };
  /** Samples of taps, µ-law, each chunk following the one before of its tap. */
  'tap.audio': { chunks: TapChunk[] };
};

export type ThreadRequest = { id: number; op: string; args: unknown };
export type ThreadMessage =
  | { id: number; ok: true; result: unknown }
  | { id: number; ok: false; code: string; message: string }
  | { event: string; args: unknown };

/** Gathers what a turn of the event loop has to say into one message, in order. */
export class Outbox<Message> {
  readonly #post: (messages: Message[], transfer: Transferable[]) => void;
  #messages: Message[] = [];
  #transfer: Transferable[] = [];

  constructor(post: (messages: Message[], transfer: Transferable[]) => void) {
    this.#post = post;
  }

  add(message: Message, transfer: readonly Transferable[] = []): void {
    if (this.#messages.length === 0) setImmediate(() => this.flush());
    this.#messages.push(message);
    if (transfer.length > 0) this.#transfer.push(...transfer);
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfer = this.#transfer;
    this.#messages = [];
    this.#transfer = [];
    this.#post(messages, transfer);
  }
}

/** A packet, or a key, on its way to a leg on another thread. */
export type LinkMessage =
  | {
      kind: 'packet';
      legId: string;
      packet: Uint8Array;
      codec: CodecName;
      source: number;
      fromAfar: boolean;
    }
  | { kind: 'noise'; legId: string; packet: Uint8Array }
  | { kind: 'event-begin'; legId: string; event: number; volume: number }
  | { kind: 'event-end'; legId: string; samples: number };
