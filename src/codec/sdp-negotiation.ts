/**
 * Offer and answer (RFC 3264) for one audio stream with telephone-event (RFC 4733), encrypted where both want it
 * (sdp-encryption). Everything else that a peer offers (video, fax by T.38, a second audio stream) is declined with
 * port 0 and the audio kept.
 */
import { CordboardError } from '../base/errors.ts';
import type { CodecName, MediaDirection, RemoteMedia } from './media-control.ts';
import type { UsableCrypto } from './sdes.ts';
import { formatSdp, parseSdp, type RtpFormat, type SdpMedia, type SessionDescription } from './sdp.ts';
import {
  agreedKeys,
  answeringLines,
  type EncryptionWishes,
  encryptionMismatch,
  encryptionOf,
  isRtpAudio,
  offeredEncryption,
} from './sdp-encryption.ts';

/** What both sides agreed; whether to follow the peer behind a NAT is decided by who knows its source. */
export type NegotiatedMedia = Omit<RemoteMedia, 'symmetric'>;

/** Our end of a stream. */
export interface LocalMedia {
  /** The address that this peer can reach. */
  address: string;
  port: number;
  /** `o=` session id, the same for the life of the dialog, and version, one more at each change. */
  sessionId: number;
  version: number;
}

/** What we want of a stream beyond what the peer does. */
export interface MediaWishes {
  /** What an offer names, in this order, and what is chosen of one if it can be; absent: every codec we speak. */
  codecs?: readonly CodecName[];
  /** Chosen from an offer although the peer likes another better. */
  prefer?: CodecName | undefined;
  /** Whether digits may go as telephone events; absent: yes. */
  events?: boolean;
  /** Payload type for telephone-event in an offer: it may not change within a session (RFC 3264 §8.3.2). */
  telephoneEventPayloadType?: number | undefined;
  /** Absent: plain audio only. */
  encryption?: EncryptionWishes | undefined;
}

/**
 * What we speak, in the order of an offer. G.722 comes last: trunks, prompts and recordings are narrow-band, so that
 * it pays between two phones alone, where the other leg's codec leads.
 */
export const ourCodecs: readonly CodecName[] = ['PCMU', 'PCMA', 'G722'];
/** RFC 3551 table 4. */
const staticPayloadType: Record<CodecName, number> = { PCMU: 0, PCMA: 8, G722: 9 };
const ourTelephoneEventPayloadType = 101;
const ourPtimeMs = 20;
/** Packet times that are honoured: shorter ones cost too much, longer ones delay too much. */
const shortestPtimeMs = 10;
const longestPtimeMs = 60;

const mirrored: Record<MediaDirection, MediaDirection> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

function codecOf(format: RtpFormat): CodecName | undefined {
  return format.clockRate === 8000 ? ourCodecs.find((codec) => codec === format.name) : undefined;
}

/** The telephone-event that goes with 8 kHz audio; of another rate if there is no better (RFC 4733 section 2.1). */
function telephoneEventOf(media: SdpMedia): RtpFormat | undefined {
  const events = media.rtp.filter(({ name, clockRate }) => name === 'TELEPHONE-EVENT' && clockRate >= 8000);
  return events.find(({ clockRate }) => clockRate === 8000) ?? events[0];
}

function noCommonCodec(description: SessionDescription): CordboardError {
  const offered = description.media
    .filter((media) => media.port !== 0)
    .map(
      (media) =>
        `${media.kind} ${media.protocol} ${media.rtp.map((f) => f.name).join(', ') || media.formats.join(', ')}`,
    );
  return new CordboardError(
    'sdp.no-common-codec',
    `the peer offers ${offered.join('; ') || 'no media'}; enable G.711 (PCMA or PCMU) or G.722 there`,
    { details: { offered } },
  );
}

interface FoundAudio {
  /** Of its m-line. */
  index: number;
  media: SdpMedia;
  codec: RtpFormat;
  codecName: CodecName;
  telephoneEvent: RtpFormat | undefined;
  /** Undefined: plain. */
  crypto: UsableCrypto | undefined;
}

/**
 * The audio stream that we use, an encrypted one before a plain one, and the codec of it: the one preferred, or the
 * peer's first of ours.
 */
function findAudio(description: SessionDescription, wishes: MediaWishes): FoundAudio {
  const { codecs = ourCodecs, prefer, events = true, encryption } = wishes;
  let plain: FoundAudio | undefined;
  let mismatch: CordboardError | undefined;
  for (const [index, media] of description.media.entries()) {
    if (!isRtpAudio(media)) continue;
    const usable = media.rtp.filter((format) => codecOf(format) !== undefined);
    const codec =
      usable.find((format) => codecOf(format) === prefer) ??
      usable.find((format) => codecs.some((each) => each === format.name)) ??
      usable[0];
    const codecName = codec && codecOf(codec);
    if (!codec || !codecName) continue;
    const crypto = encryptionOf(media, encryption);
    if (crypto === 'unusable') {
      mismatch ??= encryptionMismatch(media, encryption);
      continue;
    }
    const telephoneEvent = events ? telephoneEventOf(media) : undefined;
    const found = { index, media, codec, codecName, telephoneEvent };
    if (crypto !== 'plain') return { ...found, crypto };
    plain ??= { ...found, crypto: undefined };
  }
  if (plain) return plain;
  throw mismatch ?? noCommonCodec(description);
}

const unspecified = new Set(['0.0.0.0', '::']);

/** Our direction towards this medium: its hold dialects are sendonly, inactive and c=0.0.0.0 (RFC 2543). */
function ourDirection(media: SdpMedia): MediaDirection {
  const direction = mirrored[media.direction];
  if (media.address === undefined || !unspecified.has(media.address)) return direction;
  return direction === 'sendrecv' || direction === 'recvonly' ? 'recvonly' : 'inactive';
}

/** 20 ms unless asked otherwise; what is too short or too long is not honoured. */
function packetTimeMs(media: SdpMedia): number {
  const wanted = media.ptimeMs ?? ourPtimeMs;
  const allowed = Math.min(wanted, media.maxPtimeMs ?? wanted);
  const isHonoured = Number.isInteger(allowed) && allowed >= shortestPtimeMs && allowed <= longestPtimeMs;
  return isHonoured ? allowed : ourPtimeMs;
}

function agreed(found: FoundAudio, { encryption }: MediaWishes): NegotiatedMedia {
  const { media, codec, codecName, telephoneEvent, crypto } = found;
  if (media.address === undefined)
    throw new CordboardError('sdp.invalid', 'the session description is invalid: it has no c= line');
  const result: NegotiatedMedia = {
    address: media.address,
    port: media.port,
    ...(media.rtcpPort === undefined ? {} : { rtcpPort: media.rtcpPort }),
    codec: codecName,
    payloadType: codec.payloadType,
    ptimeMs: packetTimeMs(media),
    direction: ourDirection(media),
    ...(crypto && encryption ? { srtp: agreedKeys(crypto, encryption) } : {}),
  };
  if (!telephoneEvent) return result;
  result.telephoneEventPayloadType = telephoneEvent.payloadType;
  if (telephoneEvent.clockRate !== 8000) result.telephoneEventClockRate = telephoneEvent.clockRate;
  return result;
}

/** An offer of our codecs, with telephone-event. */
export function writeOffer(local: LocalMedia, wishes: MediaWishes = {}): string {
  const rtp: RtpFormat[] = (wishes.codecs ?? ourCodecs).map((codec) => ({
    payloadType: staticPayloadType[codec],
    name: codec,
    clockRate: 8000,
    fmtp: undefined,
  }));
  if (wishes.events ?? true)
    rtp.push({
      payloadType: wishes.telephoneEventPayloadType ?? ourTelephoneEventPayloadType,
      name: 'TELEPHONE-EVENT',
      clockRate: 8000,
      fmtp: '0-15',
    });
  const { protocol, crypto } = offeredEncryption(wishes.encryption);
  return formatSdp({
    ...local,
    media: [
      {
        kind: 'audio',
        protocol,
        formats: rtp.map((format) => String(format.payloadType)),
        audio: { port: local.port, rtp, direction: 'sendrecv', ptimeMs: ourPtimeMs, crypto },
      },
    ],
  });
}

/**
 * Whether an offer could be answered, without a port of our own.
 * @throws CordboardError sdp.invalid, sdp.no-common-codec, sdp.encryption-*
 */
export function checkOffer(offer: string, wishes: MediaWishes = {}): void {
  agreed(findAudio(parseSdp(offer), wishes), wishes);
}

/**
 * Answers an offer: the offerer's first codec of ours unless we prefer another, its payload types, its hold mirrored.
 * @throws CordboardError sdp.invalid, sdp.no-common-codec, sdp.encryption-*
 */
export function answerOffer(
  offer: string,
  local: LocalMedia,
  wishes: MediaWishes = {},
): { answer: string; agreed: NegotiatedMedia } {
  const description = parseSdp(offer);
  const found = findAudio(description, wishes);
  const result = agreed(found, wishes);
  const rtp: RtpFormat[] = [{ ...found.codec, fmtp: undefined }];
  if (found.telephoneEvent) rtp.push({ ...found.telephoneEvent, fmtp: '0-15' });
  const crypto =
    found.crypto && result.srtp
      ? [{ tag: found.crypto.tag, suite: result.srtp.suite, keySalt: result.srtp.sendKey }]
      : [];
  const answer = formatSdp({
    ...local,
    // Every m-line is answered at its place (RFC 3264 §6).
    media: description.media.map(({ kind, protocol, formats }, index) =>
      index === found.index
        ? {
            kind,
            protocol,
            formats: rtp.map((format) => String(format.payloadType)),
            audio: { port: local.port, rtp, direction: result.direction, ptimeMs: result.ptimeMs, crypto },
          }
        : { kind, protocol, formats },
    ),
  });
  return { answer, agreed: result };
}

/**
 * Reads the answer to an offer of ours that was written with `wishes`.
 * @throws CordboardError sdp.invalid, sdp.no-common-codec, sdp.encryption-*
 */
export function readAnswer(answer: string, wishes: MediaWishes = {}): NegotiatedMedia {
  const { events = true, encryption } = wishes;
  const description = parseSdp(answer);
  for (const media of description.media) media.crypto = answeringLines(media.crypto, encryption);
  const result = agreed(findAudio(description, { events, encryption }), wishes);
  const offered = wishes.telephoneEventPayloadType ?? ourTelephoneEventPayloadType;
  const named = result.telephoneEventPayloadType;
  if (named !== undefined && named !== offered && result.payloadType !== offered)
    result.offeredTelephoneEventPayloadType = offered;
  return result;
}
