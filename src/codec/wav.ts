/**
 * RIFF WAVE headers: the few forms that this system reads (mono 8 kHz, linear 16 bit or G.711) and the one it
 * writes, G.711 with a `fact` chunk, as the format demands of everything that is not linear:
 *
 *     0  "RIFF" size "WAVE"          12  "fmt " 18 tag channels rate bytes/s align bits 0
 *     38 "fact" 4 frames             50  "data" size           58  samples
 */
import type { G711Name } from './g711.ts';

/** Bytes before the samples in the files we write. */
export const wavHeaderBytes = 58;

/** Format tags of RFC 2361. */
const formatTags = { linear: 1, PCMA: 6, PCMU: 7, extensible: 0xfffe } as const;

export interface WavFormat {
  encoding: 'linear' | G711Name;
  channels: number;
  sampleRateHz: number;
  bitsPerSample: number;
  /** Where the samples begin and how many bytes of them the header claims. */
  dataOffset: number;
  dataBytes: number;
}

/**
 * Reads the chunks up to `data`. `file` may be just the beginning of a file.
 * @returns what it says, or in words why it cannot be used
 */
export function parseWav(file: Buffer): WavFormat | string {
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  )
    return 'no RIFF WAVE file';
  let format: Omit<WavFormat, 'dataOffset' | 'dataBytes'> | undefined;
  let offset = 12;
  while (offset + 8 <= file.length) {
    const id = file.toString('latin1', offset, offset + 4);
    const bytes = file.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (id === 'data') {
      return format ? { ...format, dataOffset: start, dataBytes: bytes } : 'a data chunk before the format';
    }
    if (id === 'fmt ') {
      const parsed = parseFormat(file.subarray(start, start + bytes));
      if (typeof parsed === 'string') return parsed;
      format = parsed;
    }
    offset = start + bytes + (bytes & 1); // chunks are padded to even length
  }
  return 'no data chunk';
}

function parseFormat(chunk: Buffer): Omit<WavFormat, 'dataOffset' | 'dataBytes'> | string {
  if (chunk.length < 16) return 'a format chunk cut short';
  let tag = chunk.readUInt16LE(0);
  // The extensible form keeps the true tag in the first two bytes of its sub-format GUID.
  if (tag === formatTags.extensible && chunk.length >= 26) tag = chunk.readUInt16LE(24);
  const encoding = encodingOf(tag);
  if (!encoding) return `unknown encoding ${tag}`;
  return {
    encoding,
    channels: chunk.readUInt16LE(2),
    sampleRateHz: chunk.readUInt32LE(4),
    bitsPerSample: chunk.readUInt16LE(14),
  };
}

function encodingOf(tag: number): WavFormat['encoding'] | undefined {
  if (tag === formatTags.linear) return 'linear';
  if (tag === formatTags.PCMA) return 'PCMA';
  if (tag === formatTags.PCMU) return 'PCMU';
  return undefined;
}

/** The header of a G.711 file at 8 kHz with `dataBytes` of samples behind it. */
export function g711WavHeader(codec: G711Name, channels: number, dataBytes: number): Buffer {
  const header = Buffer.alloc(wavHeaderBytes);
  // A chunk of odd length is padded, and the padding counts in the RIFF size only.
  const riffBytes = wavHeaderBytes - 8 + dataBytes + (dataBytes & 1);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(riffBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(formatTags[codec], 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000 * channels, 28);
  header.writeUInt16LE(channels, 32);
  header.writeUInt16LE(8, 34);
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(dataBytes / channels, 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(dataBytes, 54);
  return header;
}

/**
 * What the header of an unfinished recording should be, given the file's true size.
 * @param start the first {@link wavHeaderBytes} of the file, or fewer when it is shorter
 * @returns null when the file is none of ours, or in order already; otherwise the header, and the size to cut to
 */
export function mendG711Header(
  start: Buffer,
  fileBytes: number,
): { header: Buffer; fileBytes: number } | null {
  const codec = start.length >= 22 && start.readUInt16LE(20) === formatTags.PCMA ? 'PCMA' : 'PCMU';
  const channels = start.length >= 24 ? start.readUInt16LE(22) : 2;
  if (channels < 1 || channels > 2) return null;
  const dataBytes = Math.max(0, fileBytes - wavHeaderBytes);
  const whole = dataBytes - (dataBytes % channels);
  const header = g711WavHeader(codec, channels, whole);
  for (let at = 0; at < start.length; at++) {
    if (!isSizeField(at) && start[at] !== header[at]) return null;
  }
  if (start.equals(header) && fileBytes === wavHeaderBytes + whole) return null;
  return { header, fileBytes: wavHeaderBytes + whole };
}

/** Whether byte `at` of the header holds a size, which an unfinished file may have wrong. */
function isSizeField(at: number): boolean {
  return (at >= 4 && at < 8) || (at >= 46 && at < 50) || at >= 54;
}
