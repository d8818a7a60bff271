/**
 * Session descriptions (RFC 8866) as far as telephony reads them: text -> values and back. What is agreed is the
 * business of `sdp-negotiation`.
 */
import { isIP } from 'node:net';
import { CordboardError } from '../base/errors.ts';
import type { MediaDirection } from './media-control.ts';
import { type CryptoAttribute, formatCrypto, maxCryptoLines, parseCrypto, type SrtpSuite } from './sdes.ts';

export interface RtpFormat {
  payloadType: number;
  /** Upper case encoding name; known for static types without an rtpmap too. */
  name: string;
  clockRate: number;
  fmtp: string | undefined;
}

export interface SdpMedia {
  kind: string;
  /** 0: declined. */
  port: number;
  protocol: string;
  /** As written; numbers for RTP. */
  formats: string[];
  /** RTP formats in order of preference; empty for other protocols. */
  rtp: RtpFormat[];
  /**
   * Connection address of this medium (its own or the session's); undefined when neither has one. A host name is
   * legal too: nobody resolves it, so that negotiation never waits.
   */
  address: string | undefined;
  /** Direction as the author sees it. */
  direction: MediaDirection;
  ptimeMs: number | undefined;
  maxPtimeMs: number | undefined;
  rtcpPort: number | undefined;
  /** Keys (RFC 4568), those that can be read. */
  crypto: CryptoAttribute[];
}

export interface SessionDescription {
  /** `o=` as written: an unchanged origin is an unchanged description. */
  origin: string;
  media: SdpMedia[];
}

/** More m-lines than this are nobody's description. */
const maxMediaLines = 64;
/** There are no more payload types than this. */
const maxFormats = 128;

/** RFC 3551 static types that phones send without an rtpmap. */
const staticFormats: ReadonlyMap<number, { name: string; clockRate: number }> = new Map([
  [0, { name: 'PCMU', clockRate: 8000 }],
  [3, { name: 'GSM', clockRate: 8000 }],
  [4, { name: 'G723', clockRate: 8000 }],
  [8, { name: 'PCMA', clockRate: 8000 }],
  [9, { name: 'G722', clockRate: 8000 }],
  [13, { name: 'CN', clockRate: 8000 }],
  [18, { name: 'G729', clockRate: 8000 }],
]);

const directions: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

function invalid(why: string): CordboardError {
  return new CordboardError('sdp.invalid', `the session description is invalid: ${why}`);
}

function readAddress(value: string): string {
  const match = /^IN\s+IP([46])\s+([^\s/]+)/i.exec(value);
  const address = match?.[2] ?? '';
  if (!match) throw invalid(`c=${value}`);
  if (isIP(address) !== Number(match[1]) && !isHostName(address))
    throw invalid(`c=${value} is no IP${match[1]} address`);
  return address;
}

/** RFC 8866 section 9, `FQDN`; its last label has a letter, or it would be a broken address. */
function isHostName(text: string): boolean {
  return /^(?:[a-z0-9-]+\.)*[a-z0-9-]*[a-z][a-z0-9-]*\.?$/i.test(text);
}

interface Section {
  kind: string;
  port: number;
  protocol: string;
  formats: string[];
  connection: string | undefined;
  attributes: [name: string, value: string][];
}

/**
 * Parses a session description; bare LF line ends are accepted.
 * @throws CordboardError sdp.invalid
 */
export function parseSdp(text: string): SessionDescription {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (!/^v=0\s*$/.test(lines[0] ?? '')) throw invalid('it does not begin with v=0');
  let origin: string | undefined;
  let sessionConnection: string | undefined;
  const sessionAttributes: [string, string][] = [];
  const sections: Section[] = [];
  for (const line of lines) {
    if (line[1] !== '=') throw invalid(`the line ${JSON.stringify(line.slice(0, 60))}`);
    const value = line.slice(2).trim();
    const section = sections.at(-1);
    switch (line[0]) {
      case 'o':
        origin ??= value;
        break;
      case 'c':
        if (section) section.connection ??= readAddress(value);
        else sessionConnection = readAddress(value);
        break;
      case 'm':
        sections.push(readMediaLine(value));
        if (sections.length > maxMediaLines) throw invalid('too many m= lines');
        break;
      case 'a': {
        const colon = value.indexOf(':');
        const attribute: [string, string] =
          colon < 0
            ? [value.toLowerCase(), '']
            : [value.slice(0, colon).toLowerCase(), value.slice(colon + 1).trim()];
        (section?.attributes ?? sessionAttributes).push(attribute);
        break;
      }
      default: // v, s, t, b and others say nothing that we need
    }
  }
  if (origin === undefined) throw invalid('it has no o= line');
  return { origin, media: sections.map((s) => readMedia(s, sessionConnection, sessionAttributes)) };
}

/** The first direction attribute. */
function directionOf(attributes: [string, string][]): MediaDirection | undefined {
  const isDirection = ([name]: [string, string]): boolean => directions.some((each) => each === name);
  return attributes.find(isDirection)?.[0] as MediaDirection | undefined;
}

/** What `a=rtpmap:` and `a=fmtp:` say, by attribute and format; the first of each counts. */
function formatAttributes(attributes: [string, string][]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (name !== 'rtpmap' && name !== 'fmtp') continue;
    const key = `${name} ${value.split(/\s/, 1)[0]}`;
    if (!values.has(key)) values.set(key, value.replace(/^\S+\s*/, ''));
  }
  return values;
}

function readMediaLine(value: string): Section {
  const [kind, portText, protocol, ...formats] = value.split(/\s+/);
  const port = Number(portText?.split('/')[0]);
  if (
    !kind ||
    !protocol ||
    formats.length === 0 ||
    formats.length > maxFormats ||
    !/^\d/.test(portText ?? '') ||
    !(port >= 0 && port <= 65_535)
  )
    throw invalid(`m=${value}`);
  return { kind: kind.toLowerCase(), port, protocol, formats, connection: undefined, attributes: [] };
}

function readMedia(
  section: Section,
  sessionConnection: string | undefined,
  sessionAttributes: [string, string][],
): SdpMedia {
  // Packet times belong to a medium; some phones write them above all of them.
  const milliseconds = (name: string): number | undefined => {
    const isNamed = ([attribute]: [string, string]): boolean => attribute === name;
    const value = Number((section.attributes.find(isNamed) ?? sessionAttributes.find(isNamed))?.[1]);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const isRtp = section.protocol.toUpperCase().startsWith('RTP/');
  const described = formatAttributes(section.attributes);
  const rtp: RtpFormat[] = [];
  for (const format of isRtp ? section.formats : []) {
    const payloadType = Number(format);
    if (!Number.isInteger(payloadType) || payloadType < 0 || payloadType > 127)
      throw invalid(`payload type ${format}`);
    const map = described.get(`rtpmap ${format}`);
    const [name, rate] = map?.split('/') ?? [];
    const known = staticFormats.get(payloadType);
    if (name) {
      rtp.push({
        payloadType,
        name: name.toUpperCase(),
        clockRate: Number(rate ?? 8000),
        fmtp: described.get(`fmtp ${format}`),
      });
    } else if (known) rtp.push({ payloadType, ...known, fmtp: described.get(`fmtp ${format}`) });
    // A dynamic type without an rtpmap means nothing: it cannot be chosen.
  }
  const rtcpPort = Number(section.attributes.find(([name]) => name === 'rtcp')?.[1].split(/\s/, 1)[0]);
  return {
    kind: section.kind,
    port: section.port,
    protocol: section.protocol,
    formats: section.formats,
    rtp,
    address: section.connection ?? sessionConnection,
    direction: directionOf(section.attributes) ?? directionOf(sessionAttributes) ?? 'sendrecv',
    ptimeMs: milliseconds('ptime'),
    maxPtimeMs: milliseconds('maxptime'),
    crypto: isRtp ? readCrypto(section.attributes) : [],
    rtcpPort: Number.isInteger(rtcpPort) && rtcpPort > 0 && rtcpPort < 65_536 ? rtcpPort : undefined,
  };
}

function readCrypto(attributes: [string, string][]): CryptoAttribute[] {
  const lines = attributes.filter(([name]) => name === 'crypto').slice(0, maxCryptoLines);
  return lines.map(([, value]) => parseCrypto(value)).filter((line) => line !== undefined);
}

/** A key of ours. */
export interface WrittenCrypto {
  tag: number;
  suite: SrtpSuite;
  /** Base64 of master key and salt. */
  keySalt: string;
}

/** One medium as we write it; `audio` absent: declined with port 0 (RFC 3264 §6). */
export interface WrittenMedia {
  kind: string;
  protocol: string;
  formats: string[];
  audio?: {
    port: number;
    rtp: RtpFormat[];
    direction: MediaDirection;
    ptimeMs: number;
    crypto?: WrittenCrypto[];
  };
}

/** Writes a session description with one connection address. */
export function formatSdp(options: {
  sessionId: number;
  version: number;
  address: string;
  media: WrittenMedia[];
}): string {
  const family = isIP(options.address) === 6 ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=cordboard ${options.sessionId} ${options.version} IN ${family} ${options.address}`,
    's=-',
    `c=IN ${family} ${options.address}`,
    't=0 0',
  ];
  for (const { kind, protocol, formats, audio } of options.media) {
    lines.push(`m=${kind} ${audio?.port ?? 0} ${protocol} ${formats.join(' ')}`);
    if (!audio) continue;
    for (const { payloadType, name, clockRate, fmtp } of audio.rtp) {
      lines.push(
        `a=rtpmap:${payloadType} ${name === 'TELEPHONE-EVENT' ? 'telephone-event' : name}/${clockRate}`,
      );
      if (fmtp !== undefined) lines.push(`a=fmtp:${payloadType} ${fmtp}`);
    }
    for (const line of audio.crypto ?? []) lines.push(`a=crypto:${formatCrypto(line)}`);
    lines.push(`a=ptime:${audio.ptimeMs}`, `a=${audio.direction}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}
