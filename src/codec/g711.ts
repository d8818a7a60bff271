/**
 * G.711: 8 bit µ-law (PCMU) and A-law (PCMA) to and from linear 16 bit, all by table.
 */
/** The two laws, as SDP names them. */
export type G711Name = 'PCMU' | 'PCMA';

/** Sampling rate of everything in G.711, hertz. */
export const sampleRateHz = 8000;
/** Samples, and so bytes, of a millisecond. */
export const samplesPerMs = 8;

/** The byte of zero amplitude. */
export const silenceByte: Record<G711Name, number> = { PCMU: 0xff, PCMA: 0xd5 };

/** Level of a sine that just fills the code, dBm0 (G.711 section 2): what turns dBm0 into amplitude. */
export const fullScaleDbm0 = 3.17;
/** Peak of that sine in linear 16 bit. */
export const fullScalePeak = 32_124;

const muLawBias = 132;
const muLawClip = 32_635;

function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), muLawClip) + muLawBias;
  const segment = 24 - Math.clz32(magnitude); // the bias makes bit 7 the lowest that can lead
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}

function decodeMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const segment = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 3) + muLawBias) << segment) - muLawBias;
  return bits & 0x80 ? -magnitude : magnitude;
}

function encodeALaw(sample: number): number {
  // 13 bit magnitude; negative numbers by one's complement, so that -1 and 0 are the two inner steps.
  const magnitude = Math.min((sample < 0 ? ~sample : sample) >> 3, 0xfff);
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const step = (magnitude >> Math.max(1, segment)) & 0x0f;
  return ((segment << 4) | step | (sample < 0 ? 0 : 0x80)) ^ 0x55;
}

function decodeALaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 0x07;
  const base = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? base : (base + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function tabulate<Table extends Int16Array | Uint8Array>(
  table: Table,
  value: (index: number) => number,
): Table {
  for (let index = 0; index < table.length; index++) table[index] = value(index);
  return table;
}

/** Linear 16 bit sample of each code. */
export const decodeTable: Record<G711Name, Int16Array> = {
  PCMU: tabulate(new Int16Array(256), decodeMuLaw),
  PCMA: tabulate(new Int16Array(256), decodeALaw),
};

/** Code of each linear 16 bit sample, indexed by its unsigned form (`sample & 0xffff`). */
export const encodeTable: Record<G711Name, Uint8Array> = {
  PCMU: tabulate(new Uint8Array(65_536), (index) => encodeMuLaw((index << 16) >> 16)),
  PCMA: tabulate(new Uint8Array(65_536), (index) => encodeALaw((index << 16) >> 16)),
};

const muLawToALaw = tabulate(new Uint8Array(256), (code) => encodeALaw(decodeMuLaw(code)));
const aLawToMuLaw = tabulate(new Uint8Array(256), (code) => encodeMuLaw(decodeALaw(code)));

/** The table that turns codes of `from` into codes of `to`; null when they are the same. */
export function conversionTable(from: G711Name, to: G711Name): Uint8Array | null {
  if (from === to) return null;
  return from === 'PCMU' ? muLawToALaw : aLawToMuLaw;
}

/** Converts `length` bytes from `offset` in place. */
export function convertInPlace(bytes: Uint8Array, offset: number, length: number, table: Uint8Array): void {
  for (let at = offset; at < offset + length; at++) bytes[at] = table[bytes[at] as number] as number;
}

/** Encodes linear samples. */
export function encodeG711(
  codec: G711Name,
  samples: Int16Array,
  into = new Uint8Array(samples.length),
): Uint8Array {
  const table = encodeTable[codec];
  for (let at = 0; at < samples.length; at++) into[at] = table[(samples[at] as number) & 0xffff] as number;
  return into;
}

/** Decodes to linear samples. */
export function decodeG711(codec: G711Name, bytes: Uint8Array): Int16Array {
  const table = decodeTable[codec];
  const samples = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) samples[at] = table[bytes[at] as number] as number;
  return samples;
}

/** Peak of a sine of `levelDbm0`, linear 16 bit. */
export function amplitudeOfDbm0(levelDbm0: number): number {
  return fullScalePeak * 10 ** ((levelDbm0 - fullScaleDbm0) / 20);
}
