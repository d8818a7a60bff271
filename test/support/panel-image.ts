/** Other images made of a good one, for tests of the update. */
import { crc32 } from 'node:zlib';

const descriptorAt = 0x68;
const checksumBytes = 4;

/** With its checksum right again. */
function sealed(image: Uint8Array): Uint8Array {
  const end = image.length - checksumBytes;
  new DataView(image.buffer, image.byteOffset).setUint32(end, crc32(image.subarray(0, end)), true);
  return image;
}

/** The same firmware under another version. */
export function reversioned(image: Uint8Array, version: [number, number, number]): Uint8Array {
  const changed = Uint8Array.from(image);
  changed.set(version, descriptorAt + 5);
  return sealed(changed);
}

/** Firmware that hangs at its first instruction; its checksum is right. */
export function hanging(image: Uint8Array): Uint8Array {
  const changed = reversioned(image, [6, 6, 6]);
  changed.set([0xff, 0xcf]); // rjmp .-2
  return sealed(changed);
}
