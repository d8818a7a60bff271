/**
 * Offer and answer (RFC 3264) for one G.711 audio stream with telephone-event (RFC 4733). Everything else that a
 * peer offers (video, fax by T.38, encrypted audio) is declined with port 0 and the audio kept.
 */
import { CordboardError } from '../base/errors.ts';
import type { CodecName, MediaDirection, RemoteMedia } from './media-control.ts';
import { formatSdp, parseSdp, type RtpFormat, type SdpMedia, type SessionDescription } from './sdp.ts';

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

const codecs: readonly CodecName[] = ['PCMU', 'PCMA'];
const staticPayloadType: Record<CodecName, number> = { PCMU: 0, PCMA: 8 };
const ourTelephoneEventPayloadType = 101;
const ourPtimeMs = 20;

const mirrored: Record<MediaDirection, MediaDirection> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

function codecOf(format: RtpFormat): CodecName | undefined {
  return format.clockRate === 8000 ? codecs.find((codec) => codec === format.name) : undefined;
}

const isTelephoneEvent = (format: RtpFormat): boolean =>
  format.name === 'TELEPHONE-EVENT' && format.clockRate === 8000;

/** RTP/AVPF differs by feedback timing only; RTP/SAVP would promise encryption. */
const isPlainAudio = (media: SdpMedia): boolean =>
  media.kind === 'audio' && media.port !== 0 && /^RTP\/AVPF?$/i.test(media.protocol);

function noCommonCodec(description: SessionDescription): CordboardError {
  const offered = description.media
    .filter((media) => media.port !== 0)
    .map(
      (media) =>
        `${media.kind} ${media.protocol} ${media.rtp.map((f) => f.name).join(', ') || media.formats.join(', ')}`,
    );
  return new CordboardError(
    'sdp.no-common-codec',
    `the peer offers ${offered.join('; ') || 'no media'}; enable G.711 (PCMA or PCMU) without encryption there`,
    { details: { offered } },
  );
}

/** Holds and ends of the usable audio stream; `index` is its m-line. */
function findAudio(description: SessionDescription): {
  index: number;
  media: SdpMedia;
  codec: RtpFormat;
  codecName: CodecName;
  telephoneEvent: RtpFormat | undefined;
} {
  for (const [index, media] of description.media.entries()) {
    if (!isPlainAudio(media)) continue;
    for (const codec of media.rtp) {
      const codecName = codecOf(codec);
      if (codecName)
        return { index, media, codec, codecName, telephoneEvent: media.rtp.find(isTelephoneEvent) };
    }
  }
  throw noCommonCodec(description);
}

const unspecified = new Set(['0.0.0.0', '::']);

/** Our direction towards this medium: its hold dialects are sendonly, inactive and c=0.0.0.0 (RFC 2543). */
function ourDirection(media: SdpMedia): MediaDirection {
  const direction = mirrored[media.direction];
  if (media.address === undefined || !unspecified.has(media.address)) return direction;
  return direction === 'sendrecv' || direction === 'recvonly' ? 'recvonly' : 'inactive';
}

/** 20 ms unless asked otherwise; what is no multiple of 10 or too long for one packet is not honoured. */
function packetTimeMs(media: SdpMedia): number {
  const wanted = media.ptimeMs ?? ourPtimeMs;
  const allowed = Math.min(wanted, media.maxPtimeMs ?? wanted);
  return allowed >= 10 && allowed <= 60 && allowed % 10 === 0 ? allowed : ourPtimeMs;
}

function agreed(found: ReturnType<typeof findAudio>): NegotiatedMedia {
  const { media, codec, codecName, telephoneEvent } = found;
  if (media.address === undefined)
    throw new CordboardError('sdp.invalid', 'the session description is invalid: it has no c= line');
  return {
    address: media.address,
    port: media.port,
    ...(media.rtcpPort === undefined ? {} : { rtcpPort: media.rtcpPort }),
    codec: codecName,
    payloadType: codec.payloadType,
    ...(telephoneEvent === undefined ? {} : { telephoneEventPayloadType: telephoneEvent.payloadType }),
    ptimeMs: packetTimeMs(media),
    direction: ourDirection(media),
  };
}

/** An offer of both codecs, PCMA and PCMU in `order`, with telephone-event. */
export function writeOffer(local: LocalMedia, order: readonly CodecName[] = codecs): string {
  const rtp: RtpFormat[] = order.map((codec) => ({
    payloadType: staticPayloadType[codec],
    name: codec,
    clockRate: 8000,
    fmtp: undefined,
  }));
  rtp.push({
    payloadType: ourTelephoneEventPayloadType,
    name: 'TELEPHONE-EVENT',
    clockRate: 8000,
    fmtp: '0-15',
  });
  return formatSdp({
    ...local,
    media: [
      {
        kind: 'audio',
        protocol: 'RTP/AVP',
        formats: rtp.map((format) => String(format.payloadType)),
        audio: { port: local.port, rtp, direction: 'sendrecv', ptimeMs: ourPtimeMs },
      },
    ],
  });
}

/**
 * Whether an offer could be answered, without a port of our own.
 * @throws CordboardError sdp.invalid, sdp.no-common-codec
 */
export function checkOffer(offer: string): void {
  agreed(findAudio(parseSdp(offer)));
}

/**
 * Answers an offer: the offerer's first codec of ours, its payload types, its hold mirrored.
 * @throws CordboardError sdp.invalid, sdp.no-common-codec
 */
export function answerOffer(offer: string, local: LocalMedia): { answer: string; agreed: NegotiatedMedia } {
  const description = parseSdp(offer);
  const found = findAudio(description);
  const result = agreed(found);
  const rtp: RtpFormat[] = [{ ...found.codec, fmtp: undefined }];
  if (found.telephoneEvent) rtp.push({ ...found.telephoneEvent, fmtp: '0-15' });
  const answer = formatSdp({
    ...local,
    // Every m-line is answered at its place (RFC 3264 §6).
    media: description.media.map(({ kind, protocol, formats }, index) =>
      index === found.index
        ? {
            kind,
            protocol,
            formats: rtp.map((format) => String(format.payloadType)),
            audio: { port: local.port, rtp, direction: result.direction, ptimeMs: result.ptimeMs },
          }
        : { kind, protocol, formats },
    ),
  });
  return { answer, agreed: result };
}

/**
 * Reads the answer to an offer of ours.
 * @throws CordboardError sdp.invalid, sdp.no-common-codec
 */
export function readAnswer(answer: string): NegotiatedMedia {
  return agreed(findAudio(parseSdp(answer)));
}
