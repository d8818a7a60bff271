import { crc32 } from 'node:zlib';
import { CordboardError } from '../base/errors.ts';
import { type PanelIdentity, type PanelImage, panelCapabilities } from '../codec/panel-message.ts';

/** `hardware/panel-protocol.md` section 6. */
const descriptorAt = 0x68;
const descriptorBytes = 12;
const magic = 'CBPF';
const checksumBytes = 4;

export interface FirmwareImage extends PanelImage {
  bytes: Uint8Array;
}

/**
 * Reads a file of firmware for a lamp panel.
 * @throws CordboardError panel.firmware: it is none, or damaged
 */
export function readFirmwareImage(bytes: Uint8Array): FirmwareImage {
  const refuse = (why: string): never => {
    throw new CordboardError('panel.firmware', `this is no firmware of a lamp panel: ${why}`);
  };
  if (bytes.length < descriptorAt + descriptorBytes + checksumBytes) refuse('it is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (Buffer.from(bytes.subarray(descriptorAt, descriptorAt + magic.length)).toString('latin1') !== magic)
    refuse('it has no descriptor');
  const length = view.getUint16(descriptorAt + 8, true);
  if (length !== bytes.length) refuse(`it should have ${length} bytes and has ${bytes.length}`);
  const end = length - checksumBytes;
  const checksum = view.getUint32(end, true);
  if (crc32(bytes.subarray(0, end)) !== checksum) refuse('its checksum is wrong');
  const firmware = [...bytes.subarray(descriptorAt + 5, descriptorAt + 8)].join('.');
  return { hardware: bytes[descriptorAt + 4] ?? 0, firmware, length, checksum, bytes };
}

/**
 * The same, for a panel that is there.
 * @throws CordboardError panel.firmware: also when it is for other hardware, or the panel cannot be updated
 */
export function firmwareFor({ capabilities, build }: PanelIdentity, bytes: Uint8Array): FirmwareImage {
  const image = readFirmwareImage(bytes);
  if (!(capabilities & panelCapabilities.update) || build?.hardware !== image.hardware)
    throw new CordboardError(
      'panel.firmware',
      `firmware for hardware ${image.hardware} is not for this panel`,
    );
  return image;
}
