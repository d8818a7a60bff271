/**
 * The contract between appliance and media-engine (transport: base/control-socket). The media engine knows legs,
 * bridges, players and recordings; it knows nothing of SIP, calls or agents. All times are milliseconds.
 */
import type { Notices } from '../base/control-socket.ts';
import type { SrtpSuite } from './sdes.ts';

/** Codecs of SIP legs. In all of them a byte of payload is one RTP timestamp unit of 1/8 ms (RFC 3551 section 4.5.2). */
export type CodecName = 'PCMU' | 'PCMA' | 'G722';
/** As in SDP, seen from this box: `sendonly` means we send and the peer does not (peer holds nobody, we hold it). */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Keys of an encrypted leg (SRTP), one for each direction; base64 of master key and salt as in SDP. Secret. */
export interface SrtpMedia {
  suite: SrtpSuite;
  sendKey: string;
  receiveKey: string;
  /** Bytes of the master key identifier in each packet of the peer's, 0: none. */
  receiveMkiBytes: number;
}

/** What SDP negotiation settled for a leg. */
export interface RemoteMedia {
  address: string;
  /** RTP port; RTCP goes to `rtcpPort`, default port + 1. */
  port: number;
  rtcpPort?: number;
  codec: CodecName;
  payloadType: number;
  /** Payload type of telephone-event, when negotiated. */
  telephoneEventPayloadType?: number;
  /** What our own offer called it, where the answer has another number: the peer may send either (RFC 3264 §6.1). */
  offeredTelephoneEventPayloadType?: number;
  /** Units of its durations in a second, default 8000; phones that put Opus first may know no other than 48000. */
  telephoneEventClockRate?: number;
  /** Listen for digits as tones in what the peer says. */
  hearTones?: boolean;
  /** Digits go to the peer by signalling: not as events and not as tones. */
  digitsBySignalling?: boolean;
  /** Its packets come over networks that are not ours. */
  fromAfar?: boolean;
  /** It is to hear an even stream: packets of another leg that come from afar wait in a jitter buffer. */
  wantsEven?: boolean;
  /** Packet time we send, 20 unless the peer asked otherwise. */
  ptimeMs: number;
  direction: MediaDirection;
  /** Learn the peer's true address from its first packets even outside the signalled one (NAT). */
  symmetric: boolean;
  /** Absent: the audio is not encrypted. */
  srtp?: SrtpMedia;
  /**
   * Where its signalling comes from. A router translates both alike, so with `symmetric` media is learnt from the
   * network around this address only (IPv4 /24, IPv6 /64); absent: from anywhere.
   */
  signallingAddress?: string;
}

/** Something to be heard, one after the other in a list. */
export type PlaySource =
  /** WAV file, any rate and width ffmpeg made 8 kHz mono 16 bit (or G.711) of. */
  | { kind: 'file'; file: string }
  /** Frequencies in Hz together, for `durationMs`; level in dBm0 (-63..0). */
  | { kind: 'tone'; frequenciesHz: number[]; durationMs: number; levelDbm0: number }
  | { kind: 'silence'; durationMs: number };

/** Quality of one leg as heard by this box (inbound) and as the peer reported by RTCP (outbound). */
export interface QualityRecord {
  packetsReceived: number;
  packetsLost: number;
  packetsSent: number;
  bytesReceived: number;
  /** RFC 3550 interarrival jitter, mean and maximum. */
  jitterMeanMs: number;
  jitterMaxMs: number;
  /** Round trip from RTCP; null where the peer sends none. */
  roundTripMs: number | null;
  /** What the peer said it lost of ours, 0..1; null where it said nothing. */
  remoteLossFraction: number | null;
  /** E-model estimate (ITU-T G.107 simplified), 1..4.5; null when nothing was received. */
  mos: number | null;
  /** Packets dropped because they came from elsewhere than the negotiated peer, or beside its stream. */
  foreignDropped: number;
  /** The longest time without RTP and RTCP while the peer was to send, to about a second. */
  longestSilenceMs: number;
  /** How the audio was encrypted; absent: never. */
  srtp?: {
    suite: SrtpSuite;
    /** From the first packet to the last; false when a part of the call went without. */
    throughout: boolean;
    /** Packets dropped because they were forged, repeated, or not encrypted at all. */
    rejected: number;
  };
  /** Packets of the peer dropped because they came before, are larger than any phone's, or are no RTP at all. */
  invalidDropped: number;
}

export interface RecordingResult {
  recordingId: string;
  file: string;
  durationMs: number;
  bytes: number;
  /** Hex SHA-256 of the whole file. */
  sha256: string;
}

/**
 * How a leg takes part in a mix: `full` hears everybody and is heard by everybody; `listen` hears everybody and is
 * heard by nobody; `whisper:<legId>` hears everybody and is heard by that leg alone.
 */
export type MixMode = 'full' | 'listen' | `whisper:${string}`;

export interface MixRouting {
  mode: MixMode;
  /** Hears these legs only; absent: all. Narrows what the mode allows, never widens it. */
  hears?: string[];
  /** Is heard by these legs only; absent: all. */
  heardBy?: string[];
  /** How much louder (above 0) or quieter its voice is made, dB, -40..20; absent: 0. */
  gainDb?: number;
  /** Is heard by nobody as long as it is set. */
  muted?: boolean;
}

/** Numbers by which a test proves that nothing leaked. */
export interface MediaStats {
  legs: number;
  bridges: number;
  mixes: number;
  players: number;
  recordings: number;
  /** Of legs, not of reservations. */
  socketsBound: number;
  /** Port pairs bound for legs to come. */
  reservations: number;
  webTransports: number;
  pid: number;
  workerPids: number[];
}

/** How far the media engine is from its limits. */
export interface MediaLoad {
  /** The latest beat of all RTP threads since this was last asked. */
  audioLateMs: number;
  portPairsFree: number;
  /** How long the flush of recordings that is under way has taken; 0 when none is. */
  recordingLagMs: number;
}

/** As the browser sees it: `send` carries its microphone, `recv` what it hears. */
export type WebDirection = 'send' | 'recv';
/** What mediasoup-client's createSendTransport and createRecvTransport take; plain data for the page. */
export type WebTransportOptions = Record<WebDirection, unknown>;

/** A bound pair of ports: the even one of RTP, and the number of the RTP thread that serves it. */
export interface PortPlace {
  port: number;
  thread: number;
}

export type MediaOperations = {
  /** Who are you, and what is still alive from an appliance that died. */
  hello: {
    args: { clientId: string };
    result: { engineId: string; legIds: string[]; recordingIds: string[]; webReady: boolean };
  };
  /**
   * Binds an RTP/RTCP port pair (even RTP port) for a leg to come, so that an offer need not wait for it. `hello`
   * releases those of an appliance that died.
   */
  'ports.reserve': { args: { reservationId: string; bindAddress: string }; result: PortPlace };
  /** Idempotent. */
  'ports.release': { args: { reservationId: string }; result: null };
  /**
   * Makes a leg on the ports of a reservation, or binds a pair, on the thread of `nearLegId` if there is such a leg.
   * `bindAddress` is a local address or 0.0.0.0.
   */
  'leg.create': {
    args: { legId: string; bindAddress: string; reservationId?: string; nearLegId?: string };
    result: PortPlace;
  };
  /** Sets or changes what is negotiated; repeated at each re-INVITE. Sending starts at once (silence). */
  'leg.remote': { args: { legId: string; remote: RemoteMedia }; result: null };
  /** Closes the leg: unbridges, stops its players, frees its ports. Idempotent. */
  'leg.close': { args: { legId: string }; result: { quality: QualityRecord | null } };
  'leg.quality': { args: { legId: string }; result: { quality: QualityRecord } };
  /** Plays to the leg's peer, replacing what plays now. `loop` repeats the whole list. `play.done` follows. */
  'play.start': {
    args: { legId: string; playId: string; sources: PlaySource[]; loop: boolean };
    result: null;
  };
  /** Music on hold until stopped or replaced; endless, shared position, `file` absent = the built-in music. */
  'music.start': { args: { legId: string; playId: string; file?: string }; result: null };
  /** Stops this play if it is still the current one. `play.done` follows with cause `stopped`. */
  'play.stop': { args: { legId: string; playId: string }; result: null };
  /** Joins two legs both ways. A leg is in one bridge at most; a player on a bridged leg is heard instead of it. */
  'bridge.join': { args: { bridgeId: string; legIds: [string, string] }; result: null };
  /** Idempotent. */
  'bridge.leave': { args: { bridgeId: string }; result: null };
  /** Makes an empty mix: a bridge of any number of legs. */
  'mix.open': { args: { mixId: string }; result: null };
  /**
   * Takes a leg into the mix, or changes the part of one that is in. A leg is in one bridge or mix at most; a
   * player on it is heard instead of the mix. `mode` absent: full.
   */
  'mix.join': { args: { mixId: string; legId: string } & Partial<MixRouting>; result: null };
  /** The leg stays, with silence. Idempotent. */
  'mix.leave': { args: { mixId: string; legId: string }; result: null };
  /** Lets all legs go. Idempotent. */
  'mix.close': { args: { mixId: string }; result: null };
  /** Sends digits on the leg (0-9 * # A-D): as RFC 4733 events where negotiated, otherwise as tones. */
  'dtmf.send': { args: { legId: string; digits: string; durationMs: number }; result: null };
  /**
   * Records what the peers of two legs say: left channel (caller) and right channel (agent), G.711 µ-law WAV.
   * The header is written at once and kept repairable.
   */
  'record.start': {
    args: { recordingId: string; file: string; leftLegId: string; rightLegId: string };
    result: null;
  };
  /** Finalises. Idempotent: null when it is not running. */
  'record.stop': { args: { recordingId: string }; result: { recording: RecordingResult | null } };
  /** A browser leg: a WebRtcTransport for each direction, joined to the edge by a loopback PlainTransport. */
  'web.open': {
    args: { legId: string; announcedAddresses: string[] };
    result: { routerRtpCapabilities: unknown; transportOptions: WebTransportOptions };
  };
  'web.connect': {
    args: { legId: string; direction: WebDirection; dtlsParameters: unknown };
    result: null;
  };
  /** Browser -> us. */
  'web.produce': { args: { legId: string; rtpParameters: unknown }; result: { producerId: string } };
  /** Us -> browser. */
  'web.consume': {
    args: { legId: string; rtpCapabilities: unknown };
    result: { consumerId: string; producerId: string; kind: string; rtpParameters: unknown };
  };
  stats: { args: Record<string, never>; result: MediaStats };
  /** What admission is decided by; asked once or twice a second by one client. */
  load: { args: Record<string, never>; result: MediaLoad };
};

export type MediaNotices = Notices & {
  /** A digit the peer pressed, by event or tone: once for each press, at its end or at latest 200 ms after it. */
  dtmf: { legId: string; digit: string; durationMs: number };
  'play.done': {
    legId: string;
    playId: string;
    cause: 'ended' | 'stopped' | 'replaced' | 'failed';
    message?: string;
  };
  /** First packet from the peer. */
  'leg.media': { legId: string; address: string; port: number };
  /**
   * RTP and RTCP both silent for `silentMs` on a leg that should send: a suspicion, not yet an end. Told every 30 s
   * while it lasts.
   */
  'leg.silent': { legId: string; silentMs: number };
  /** A browser's ICE or DTLS failed or closed. */
  'web.closed': { legId: string; reason: string };
  /** The recording stopped by itself; what was written is finalised. `code`: disk.full or disk.failed. */
  'record.failed': {
    recordingId: string;
    code: 'disk.full' | 'disk.failed';
    message: string;
    recording: RecordingResult | null;
  };
  'worker.died': { restarted: boolean };
};
