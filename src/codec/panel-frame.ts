/**
 * Frames of the lamp panel's serial line, `hardware/panel-protocol.md` section 2:
 *
 *     C0 BD | version | address | sequence | type | length | payload … | CRC high | CRC low
 *            `------------------- covered by the CRC ------------------'
 *
 * CRC-16/IBM-3740: polynomial 0x1021, initial value 0xFFFF, no reflection, no final XOR.
 */

export const panelFrame = {
  sync: [0xc0, 0xbd],
  version: 1,
  headerBytes: 7,
  crcBytes: 2,
  maxPayloadBytes: 96,
  /** Every panel acts on it and none answers. */
  broadcastAddress: 0,
  minAddress: 1,
  maxAddress: 247,
} as const;

export const maxPanelFrameBytes = panelFrame.headerBytes + panelFrame.maxPayloadBytes + panelFrame.crcBytes;

export interface PanelFrame {
  /** Protocol version, 1..255. */
  version: number;
  /** The panel's, in both directions: 1..247, 0 = all. */
  address: number;
  /** 0..255; an answer repeats that of its request. */
  sequence: number;
  /** 0..255; bit 7 is set in answers. */
  type: number;
  payload: Uint8Array;
}

/** CRC-16/IBM-3740 of `bytes` from `from` to before `to`; 0x29B1 for the text 123456789. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) {
    crc ^= (bytes[i] ?? 0) << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc;
}

/** @throws RangeError when the payload is longer than 96 bytes */
export function encodePanelFrame(frame: PanelFrame): Uint8Array {
  const { version, address, sequence, type, payload } = frame;
  if (payload.length > panelFrame.maxPayloadBytes)
    throw new RangeError(`a panel frame carries at most ${panelFrame.maxPayloadBytes} bytes`);
  const bytes = new Uint8Array(panelFrame.headerBytes + payload.length + panelFrame.crcBytes);
  bytes.set([...panelFrame.sync, version, address, sequence, type, payload.length]);
  bytes.set(payload, panelFrame.headerBytes);
  const end = panelFrame.headerBytes + payload.length;
  const crc = crc16(bytes, panelFrame.sync.length, end);
  bytes[end] = crc >> 8;
  bytes[end + 1] = crc & 0xff;
  return bytes;
}

/**
 * Finds frames in what comes over the line, however it is cut. Whatever cannot be the beginning of a frame, or has
 * a wrong checksum, costs one byte: a good frame behind a false length is found.
 */
export class PanelFrameParser {
  /** Bytes thrown away since the beginning. */
  discardedBytes = 0;
  #pending = new Uint8Array(0);

  /** @returns the frames completed by `chunk` */
  push(chunk: Uint8Array): PanelFrame[] {
    const bytes = new Uint8Array(this.#pending.length + chunk.length);
    bytes.set(this.#pending);
    bytes.set(chunk, this.#pending.length);
    return this.#scan(bytes);
  }

  /** The line fell silent: what is incomplete will not be completed. Good frames within it are returned. */
  giveUp(): PanelFrame[] {
    const frames: PanelFrame[] = [];
    while (this.#pending.length > 0) {
      this.discardedBytes += 1;
      frames.push(...this.#scan(this.#pending.subarray(1)));
    }
    return frames;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  #scan(bytes: Uint8Array): PanelFrame[] {
    const frames: PanelFrame[] = [];
    let start = 0;
    while (start < bytes.length) {
      const frame = readFrame(bytes, start);
      if (frame === 'incomplete') break;
      if (frame === 'none') {
        this.discardedBytes += 1;
        start += 1;
      } else {
        frames.push(frame);
        start += panelFrame.headerBytes + frame.payload.length + panelFrame.crcBytes;
      }
    }
    this.#pending = bytes.slice(start);
    return frames;
  }
}

function readFrame(bytes: Uint8Array, start: number): PanelFrame | 'incomplete' | 'none' {
  const [sync0, sync1] = panelFrame.sync;
  if (bytes[start] !== sync0) return 'none';
  const available = bytes.length - start;
  if (available >= 2 && bytes[start + 1] !== sync1) return 'none';
  if (available < panelFrame.headerBytes) return 'incomplete';
  const length = bytes[start + 6] ?? 0;
  if (length > panelFrame.maxPayloadBytes) return 'none';
  const end = start + panelFrame.headerBytes + length;
  if (bytes.length < end + panelFrame.crcBytes) return 'incomplete';
  const crc = ((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0);
  if (crc !== crc16(bytes, start + panelFrame.sync.length, end)) return 'none';
  return {
    version: bytes[start + 2] ?? 0,
    address: bytes[start + 3] ?? 0,
    sequence: bytes[start + 4] ?? 0,
    type: bytes[start + 5] ?? 0,
    payload: bytes.slice(start + panelFrame.headerBytes, end),
  };
}
