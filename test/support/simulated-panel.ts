/** The true firmware on the simulated board. */
import { crc32 } from 'node:zlib';
import { type FirmwareLine, FirmwareProgram, firmwareFile, makeFirmware } from './panel-firmware.ts';
import { PanelTalk, programUnderTest } from './panel-talk.ts';

/** How long the panel takes from power to its first lamp, ms, with room. */
export const startMs = 250;

export function buildSimulation(): Promise<string> {
  return makeFirmware('all', 'sim');
}

/** With a link its line is a PTY and its time real; without, time passes by `run` only. */
export function simulate({ link, hardware = 1 }: { link?: string; hardware?: number } = {}): FirmwareProgram {
  const images = [firmwareFile.image(hardware), firmwareFile.bootloader(hardware)];
  const args = [...images, ...(link === undefined ? [] : [link])];
  return new FirmwareProgram(firmwareFile.simulation, ...args);
}

/** A panel with its own time, started, and a host to talk to it. */
export async function startedPanel(hardware = 1): Promise<{ program: FirmwareProgram; talk: PanelTalk }> {
  const program = simulate({ hardware });
  await program.run(startMs);
  return { program, talk: new PanelTalk(programUnderTest(program)) };
}

/** Power of a lamp's red, green and blue, 0..255. */
export function lightOf(lamps: string | undefined, lamp: number): [number, number, number] {
  const at = (channel: number): number =>
    Number.parseInt(lamps?.slice(lamp * 6 + channel * 2, lamp * 6 + channel * 2 + 2) || '0', 16);
  return [at(0), at(1), at(2)];
}

/** When a lamp was lit and dark, in turn from the first time it was lit on: durations in ms. */
export function blinks(lines: readonly FirmwareLine[], lamp: number): number[] {
  const durations: number[] = [];
  let since: number | undefined;
  let wasLit = false;
  for (const { lamps, t = 0 } of lines) {
    if (lamps === undefined) continue;
    const isLit = lightOf(lamps, lamp).some((power) => power > 0);
    if (isLit === wasLit) continue;
    wasLit = isLit;
    if (since !== undefined) durations.push(t - since);
    since = t;
  }
  return durations.slice(1); // it may have been lit before the first line
}

/** Sends new firmware, as a host does; the answer to its end. @param upTo bytes, for one that is cut short */
export async function sendImage(talk: PanelTalk, image: Uint8Array, upTo = image.length): Promise<unknown> {
  const checksum = crc32(image.subarray(0, image.length - 4));
  const firmware = [...image.subarray(0x6d, 0x70)].join('.');
  await talk.ask({ type: 'update-begin', hardware: 1, firmware, length: image.length, checksum });
  for (let offset = 0; offset < upTo; ) {
    const bytes = image.subarray(offset, offset + 64);
    const answer = await talk.ask({ type: 'update-data', offset, bytes });
    if (answer?.type !== 'update-data' || answer.result !== 'taken') return answer;
    offset = answer.offset;
  }
  return upTo < image.length ? undefined : talk.ask({ type: 'update-finish' });
}
