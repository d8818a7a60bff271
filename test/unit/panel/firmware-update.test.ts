import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PanelAnswer, PanelIdentity } from '../../../src/codec/panel-message.ts';
import { panelCapabilities } from '../../../src/codec/panel-message.ts';
import { firmwareFor, readFirmwareImage } from '../../../src/panel/firmware-image.ts';
import { FirmwareUpdate } from '../../../src/panel/firmware-update.ts';

/** An image of 200 bytes for hardware 1, version 2.3.4. */
function image(change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.alloc(200, 0x11);
  bytes.write('CBPF', 0x68, 'latin1');
  bytes.set([1, 2, 3, 4, 200, 0, 0, 0], 0x6c);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 196)), 196);
  change(bytes);
  return bytes;
}

const identity: PanelIdentity = {
  protocolVersion: 1,
  firmware: '2.3.4',
  lampCount: 32,
  buttonCount: 4,
  capabilities: panelCapabilities.update,
  serial: '0000000000000000',
  build: { hardware: 1, updateState: 'on-trial', resetCause: 8, textLines: 0 },
};
const build = { hardware: 1, updateState: 'settled', resetCause: 1, textLines: 0 } as const;

describe('a file of firmware', () => {
  it('is read with what its descriptor says', () => {
    const checksum = image().readUInt32LE(196);
    expect(readFirmwareImage(image())).toMatchObject({
      hardware: 1,
      firmware: '2.3.4',
      length: 200,
      checksum,
    });
  });

  it.each<[string, Buffer]>([
    ['that is empty', Buffer.alloc(0)],
    ['cut short', image().subarray(0, 198)],
    ['with something behind it', Buffer.concat([image(), Buffer.alloc(2)])],
    ['without its descriptor', image((bytes) => bytes.write('XXXX', 0x68))],
    ['with a changed byte', image((bytes) => bytes.writeUInt8(0, 7))],
    ['with another checksum', image((bytes) => bytes.writeUInt8(0, 199))],
  ])('%s is refused', (_, bytes) => {
    expect(() => readFirmwareImage(bytes)).toThrow(expect.objectContaining({ code: 'panel.firmware' }));
  });

  it.each<[string, PanelIdentity]>([
    ['of other hardware', { ...identity, build: { ...build, hardware: 2 } }],
    ['that cannot be updated', { ...identity, capabilities: 3 }],
  ])('is not for a panel %s', (_, panel) => {
    expect(() => firmwareFor(panel, image())).toThrow(expect.objectContaining({ code: 'panel.firmware' }));
  });
});

describe('an update', () => {
  const shares: number[] = [];
  const begin = (): FirmwareUpdate => {
    shares.length = 0;
    const update = new FirmwareUpdate(readFirmwareImage(image()), (share) => shares.push(share));
    update.done.catch(() => {}); // looked at by those who expect it
    return update;
  };
  /** Answers as a panel does that takes everything. */
  const good = (update: FirmwareUpdate): PanelAnswer | undefined => {
    const request = update.next();
    switch (request?.type) {
      case 'update-begin':
        return { type: 'update-begin', result: 'ready' };
      case 'update-data':
        return { type: 'update-data', result: 'taken', offset: request.offset + request.bytes.length };
      case 'update-finish':
        return { type: 'update-finish', result: 'restarting' };
      default:
        return undefined;
    }
  };
  const play = (update: FirmwareUpdate, requests: number): void => {
    for (let i = 0; i < requests; i++) {
      const answer = good(update);
      if (answer) update.answered(answer);
    }
  };

  it('sends all bytes in order, and is done when the panel is back with them', async () => {
    const update = begin();
    const sent: Uint8Array[] = [];
    for (let answer = good(update); answer; answer = good(update)) {
      const request = update.next();
      if (request?.type === 'update-data') sent.push(request.bytes);
      update.answered(answer);
    }
    expect(Buffer.concat(sent)).toEqual(image());
    expect(shares.at(-1)).toBe(1);
    expect(update.isRestarting).toBe(true);
    update.greeted(identity);
    expect(await update.done).toEqual(identity);
    expect(update.next()).toBeUndefined();
  });

  it('goes on where the panel wants it', () => {
    const update = begin();
    play(update, 3);
    update.answered({ type: 'update-data', result: 'other-offset', offset: 64 });
    expect(update.next()).toMatchObject({ type: 'update-data', offset: 64 });
    play(update, 4);
    expect(update.isRestarting).toBe(true);
  });

  it.each<[string, number, PanelAnswer]>([
    ['the panel is other hardware', 0, { type: 'update-begin', result: 'other-hardware' }],
    ['it is too long', 0, { type: 'update-begin', result: 'too-long' }],
    ['the panel does not know updates', 0, { type: 'refused', reason: 'unknown-type' }],
    ['the panel forgot that one had begun', 2, { type: 'update-data', result: 'not-begun', offset: 0 }],
    ['its memory cannot be written', 2, { type: 'update-data', result: 'not-written', offset: 0 }],
    ['it wants what there is not', 2, { type: 'update-data', result: 'taken', offset: 999 }],
    ['the checksum is wrong there', 5, { type: 'update-finish', result: 'wrong-checksum' }],
    ['bytes are missing there', 5, { type: 'update-finish', result: 'incomplete' }],
    ['the answer is to something else', 2, { type: 'sound' }],
  ])('fails when %s', async (_, requests, answer) => {
    const update = begin();
    play(update, requests);
    update.answered(answer);
    await expect(update.done).rejects.toMatchObject({ code: 'panel.update' });
    expect(update.next()).toBeUndefined();
  });

  it('is given up when the panel wants other bytes again and again', async () => {
    const update = begin();
    play(update, 2);
    for (let i = 0; i < 9; i++) update.answered({ type: 'update-data', result: 'other-offset', offset: 64 });
    await expect(update.done).rejects.toMatchObject({ code: 'panel.update' });
  });

  it.each<[string, number, PanelIdentity]>([
    ['restarts before it has all of it', 3, identity],
    ['comes back with the firmware before', 6, { ...identity, firmware: '1.0.0' }],
    ['comes back having undone it', 6, { ...identity, build: { ...build, updateState: 'undone' } }],
  ])('fails when the panel %s', async (_, requests, panel) => {
    const update = begin();
    play(update, requests);
    update.greeted(panel);
    await expect(update.done).rejects.toMatchObject({ code: 'panel.update' });
  });
});
