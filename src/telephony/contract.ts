/**
 * What call-control sees of telephony: calls made of legs. A leg is one SIP dialog (or one browser) plus its
 * media; its owner hears of everything by `events` and ends it with `hangUp`. Every leg ends exactly once, with a
 * termination, whatever happens to phone, engine or network.
 */
import type { Emitter } from '../base/emitter.ts';
import type {
  PlaySource,
  QualityRecord,
  RecordingResult,
  WebDirection,
  WebTransportOptions,
} from '../codec/media-control.ts';
import type { LegSignalling } from '../domain/call-event.ts';
import type { LivePhone, LiveTrunk } from '../domain/live.ts';
import type { Extension, Settings, Trunk } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';

export type LegState = 'incoming' | 'dialling' | 'ringing' | 'early' | 'up' | 'ended';

export type LegEvents = {
  /**
   * The called phone rings and nothing is heard of it (180; 183 without media, or whose media does not come). Also
   * after `early`, when a 180 followed and the media stopped.
   */
  ringing: [];
  /** Media before the answer has begun to arrive: it can be bridged already. Again when it comes back after `ringing`. */
  early: [];
  /** Answered; two-way media runs. For a call with several contacts: one of them. */
  answered: [];
  /** A digit the peer pressed (RFC 4733, SIP INFO, a tone, or the page's keypad). */
  digit: [digit: string];
  /** The peer put us on hold, or took us back (re-INVITE). */
  hold: [];
  resume: [];
  /** Neither RTP nor RTCP came for long, though the peer should send: it is asked whether it is still there. */
  silent: [silentMs: number];
  /** It is: a phone that is muted or sends nothing in pauses is silent legally, and the call goes on. */
  alive: [];
  /** What we played came to its end. */
  played: [playId: string, cause: 'ended' | 'stopped' | 'replaced' | 'failed'];
  /** The other side is gone or was hung up; told at once, while the media is still being closed. */
  over: [termination: Termination];
  /** The last event of a leg: its media is closed too. */
  ended: [termination: Termination, quality: QualityRecord | null];
};

export interface Leg {
  readonly legId: string;
  readonly kind: 'sip' | 'browser';
  readonly events: Emitter<LegEvents>;
  readonly state: LegState;
  /** Number or name of the other party, for logs and pages. */
  readonly party: string;
  /** Call-ID of its dialog; absent for a browser. With several contacts: of the one that answered, else the first. */
  readonly sipCallId: string | undefined;
  /** How its signalling travels; undefined as long as nobody has answered. */
  readonly signalling: LegSignalling | undefined;

  /** 180 to an incoming leg. */
  ring(): Promise<void>;
  /** 183 with media to an incoming leg: prompts and ringback before the answer. */
  earlyMedia(): Promise<void>;
  /** 200 to an incoming leg; resolves when the ACK has come. @throws CordboardError sdp.no-common-codec, sip.cancelled */
  answer(): Promise<void>;
  /** Ends the leg in whatever state it is: reject, CANCEL or BYE with Reason. Idempotent. Resolves when `ended` was told. */
  hangUp(termination: Termination): Promise<void>;

  /** Plays to the peer, replacing what plays; returns the playId of `played`. Needs media (early or up). */
  play(sources: PlaySource[], options?: { loop?: boolean }): string;
  music(file?: string): string;
  stopPlaying(): void;
  sendDigits(digits: string): void;
}

/** A call that came in, not yet answered. */
export interface IncomingCall {
  readonly leg: Leg;
  /** Where it came from: an extension that authenticated, a trunk known by address, or a browser. */
  readonly source:
    | { kind: 'extension'; extension: Extension }
    | { kind: 'trunk'; trunk: Trunk }
    | { kind: 'browser'; userName: string }
    /** A call of the capacity test. */
    | { kind: 'loop' };
  /** Caller's number as the source gave it ('anonymous' when withheld) and display name. */
  readonly from: string;
  readonly fromName: string | undefined;
  /** What was dialled. */
  readonly to: string;
}

export type DialTarget =
  /** All registered contacts of the extension ring; the first answer wins, the others are cancelled. */
  { kind: 'extension'; extensionId: string } | { kind: 'trunk'; trunkId: string; number: string };

export interface DialOptions {
  target: DialTarget;
  /** Number and name shown to the called party. */
  callerNumber: string;
  callerName?: string;
  /** No answer within this time ends the leg with reason `no-answer`. */
  timeoutMs: number;
  /** Whom it is dialled for: both shall speak the same codec, so that nothing need be converted. */
  forLeg?: Leg;
  /** Ask the phone to pick up by itself (Alert-Info/Call-Info as FEATURES section 4): for click to call. */
  autoAnswer?: boolean;
}

export interface Bridge {
  readonly bridgeId: string;
  /** Both legs stay; their media is apart again. Idempotent. A leg that ends leaves by itself. */
  leave(): Promise<void>;
}

export interface Recording {
  readonly recordingId: string;
  /** Finalises; null when nothing could be kept. Idempotent. */
  stop(): Promise<RecordingResult | null>;
}

export type TelephonyEvents = {
  incoming: [call: IncomingCall];
  /** A phone registered, refreshed or left; `phones()` has the whole. */
  phones: [];
  trunks: [];
  /** A part went away or came back; while one is down new calls are refused with 503. */
  engine: [part: 'sip-engine' | 'media-engine', state: 'up' | 'down'];
  /** A recording stopped by itself (disk full); what was written is kept. */
  'recording-failed': [
    recordingId: string,
    reason: 'disk.full' | 'disk.failed',
    kept: RecordingResult | null,
  ];
};

export interface BrowserLegSignalling {
  /** Opens the media side; the page then calls connect, produce and consume, and `dial` to place the call. */
  open(
    userName: string,
  ): Promise<{ legId: string; routerRtpCapabilities: unknown; transportOptions: WebTransportOptions }>;
  /** Once for each direction, when the page starts to use it. */
  connect(legId: string, direction: WebDirection, dtlsParameters: unknown): Promise<void>;
  produce(legId: string, rtpParameters: unknown): Promise<{ producerId: string }>;
  consume(
    legId: string,
    rtpCapabilities: unknown,
  ): Promise<{ consumerId: string; producerId: string; kind: string; rtpParameters: unknown }>;
  /** Places the call: `incoming` is emitted with source `browser`. */
  dial(legId: string, to: string): void;
  /**
   * Plays a file to a leg that has not dialled, then hangs up; it is no call.
   * @throws CordboardError not-found: there is none of this user, or it has dialled
   */
  play(legId: string, file: string, userName: string): void;
  digit(legId: string, digit: string): void;
  hangUp(legId: string): Promise<void>;
}

export interface Telephony {
  readonly events: Emitter<TelephonyEvents>;
  readonly browser: BrowserLegSignalling;
  start(): Promise<void>;
  /** Ends every leg (Reason: shutting down), unregisters trunks. */
  stop(): Promise<void>;
  /** New settings: extensions, trunks, addresses. Calls in progress go on. */
  configure(settings: Settings): void;
  dial(options: DialOptions): Leg;
  bridge(a: Leg, b: Leg): Promise<Bridge>;
  /** `left` is the caller, `right` the agent. @throws CordboardError disk.full, disk.failed */
  record(options: { recordingId: string; file: string; left: Leg; right: Leg }): Promise<Recording>;
  phones(): LivePhone[];
  trunks(): LiveTrunk[];
  /** Legs over this trunk, in and out, not yet ended. */
  callsOn(trunkId: string): number;
  /** Legs not yet ended. */
  legs(): Leg[];
}

/** One live SIP dialog as the journal keeps it, enough to end it from a new process. */
export interface JournalledDialog {
  legId: string;
  /** Our call id. */
  callId: string;
  dialogId: string;
  sipCallId: string;
  localUri: string;
  localTag: string;
  remoteUri: string;
  remoteTag: string;
  /** Remote target (Contact) and route set, for a request outside any dialog the engine knows. */
  remoteTarget: string;
  routeSet: string[];
  /** Next CSeq to be used is above this. */
  localCseq: number;
  /** Where its packets came from: `udp/192.168.1.20:5060`. */
  source: string;
  startedAt: number;
}

/** Where telephony writes live dialogs; store/journal implements it. Writes are fire and forget, in order. */
export interface DialogJournal {
  add(dialog: JournalledDialog): void;
  remove(legId: string): void;
  /** What an earlier process left behind. */
  orphans(): JournalledDialog[];
}
