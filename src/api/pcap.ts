/**
 * A packet capture made of SIP messages, for Wireshark: classic pcap, link type 101 (raw IP). Addresses, ports and
 * times are the real ones; IP, UDP and TCP headers are made up around the text, and TLS messages stand as plain TCP.
 *
 *     file:   magic d4c3b2a1 (little endian) | 2.4 | zone 0 | 0 | snaplen | 101
 *     packet: seconds | microseconds | length | length | IP | UDP or TCP | text
 */
import { isIPv6 } from 'node:net';
import type { TappedMessage } from '../codec/engine-control.ts';

const linkTypeRaw = 101;
/** An IP packet ends at 65,535 bytes; longer text over TCP becomes several segments, over UDP it is cut. */
const maxPayload = 65_000;

export function pcapOf(messages: readonly TappedMessage[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(linkTypeRaw, 20);
  const parts: Buffer[] = [header];
  /** Next TCP sequence number of each sender towards each receiver. */
  const sequences = new Map<string, number>();
  for (const message of messages) {
    const payload = Buffer.from(message.text, 'utf8');
    for (let offset = 0; offset === 0 || offset < payload.length; offset += maxPayload) {
      const piece = payload.subarray(offset, offset + maxPayload);
      const packet = packetOf(message, piece, sequences);
      const record = Buffer.alloc(16);
      record.writeUInt32LE(Math.floor(message.atMs / 1000), 0);
      record.writeUInt32LE(Math.floor((message.atMs % 1000) * 1000), 4);
      record.writeUInt32LE(packet.length, 8);
      record.writeUInt32LE(
        message.transport === 'udp' ? packet.length + payload.length - piece.length : packet.length,
        12,
      );
      parts.push(record, packet);
      if (message.transport === 'udp') break;
    }
  }
  return Buffer.concat(parts);
}

function packetOf(message: TappedMessage, payload: Buffer, sequences: Map<string, number>): Buffer {
  const local = { address: message.localAddress, port: message.localPort };
  const remote = { address: message.remoteAddress, port: message.remotePort };
  const [from, to] = message.direction === 'in' ? [remote, local] : [local, remote];
  const v6 = isIPv6(from.address) && isIPv6(to.address);
  const [source, target] = [addressBytes(from.address, v6), addressBytes(to.address, v6)];
  const udp = message.transport === 'udp';
  let segment: Buffer;
  if (udp) {
    segment = Buffer.alloc(8 + payload.length);
    segment.writeUInt16BE(8 + payload.length, 4);
    payload.copy(segment, 8);
  } else {
    const key = (a: typeof from, b: typeof from): string => `${a.address}:${a.port}>${b.address}:${b.port}`;
    const sequence = sequences.get(key(from, to)) ?? 1;
    sequences.set(key(from, to), (sequence + payload.length) >>> 0);
    segment = Buffer.alloc(20 + payload.length);
    segment.writeUInt32BE(sequence, 4);
    segment.writeUInt32BE(sequences.get(key(to, from)) ?? 1, 8);
    segment.writeUInt16BE(0x5018, 12); // 20 byte header, PSH ACK
    segment.writeUInt16BE(0xffff, 14);
    payload.copy(segment, 20);
  }
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  const protocol = udp ? 17 : 6;
  segment.writeUInt16BE(transportChecksum(source, target, protocol, segment), udp ? 6 : 16);
  return Buffer.concat([ipHeader(source, target, protocol, segment.length), segment]);
}

function ipHeader(source: Buffer, target: Buffer, protocol: number, length: number): Buffer {
  if (source.length === 16) {
    const header = Buffer.alloc(8);
    header[0] = 0x60;
    header.writeUInt16BE(length, 4);
    header[6] = protocol;
    header[7] = 64;
    return Buffer.concat([header, source, target]);
  }
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + length, 2);
  header[8] = 64;
  header[9] = protocol;
  source.copy(header, 12);
  target.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

/** RFC 768, 9293, 8200 section 8.1: over pseudo header and segment. */
function transportChecksum(source: Buffer, target: Buffer, protocol: number, segment: Buffer): number {
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(segment.length, 0);
  tail[7] = protocol;
  const sum = checksum(Buffer.concat([source, target, tail, segment]));
  return protocol === 17 && sum === 0 ? 0xffff : sum;
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function addressBytes(address: string, v6: boolean): Buffer {
  if (!v6) {
    const parts = (/(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? '0.0.0.0').split('.').map(Number);
    return Buffer.from(parts);
  }
  const plain = (address.split('%')[0] ?? '').replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a: string, b: string, c: string, d: string) =>
      `${((Number(a) << 8) | Number(b)).toString(16)}:${((Number(c) << 8) | Number(d)).toString(16)}`,
  );
  const [head = '', tail] = plain.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, i) => bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2));
  return bytes;
}
