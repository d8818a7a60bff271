/** Requests of the host to a lamp panel as frames, both ways; `hardware/panel-protocol.md` section 3. */
import { encodePanelFrame, type PanelFrame, panelFrame } from './panel-frame.ts';
import {
  type Addressed,
  answerBit,
  type LampColour,
  type LampPattern,
  type LampState,
  lampColours,
  lampPatterns,
  maxUpdateBytes,
  type PanelRequest,
  panelSounds,
  type RefusalReason,
  requestTypes,
} from './panel-message.ts';

/** @throws RangeError when the request does not fit a frame */
export function encodePanelRequest({ address, sequence }: Addressed, request: PanelRequest): Uint8Array {
  const type = requestTypes[request.type];
  const payload = Uint8Array.from(requestPayload(request));
  return encodePanelFrame({ version: panelFrame.version, address, sequence, type, payload });
}

function requestPayload(request: PanelRequest): number[] | Uint8Array {
  switch (request.type) {
    case 'hello':
    case 'poll':
    case 'update-finish':
      return [];
    case 'set-lamps':
      return request.lamps.flatMap((lamp) => [lamp.lamp, packLook(lamp), lamp.brightness]);
    case 'settings':
      return request.settings ? [request.settings.address, request.settings.brightnessLimit] : [];
    case 'sound':
      return [panelSounds.indexOf(request.sound)];
    case 'text':
      return [request.line, ...new TextEncoder().encode(request.text)];
    case 'update-begin':
      return [
        request.hardware,
        ...request.firmware.split('.').map(Number),
        ...bigEndian(request.length, 2),
        ...bigEndian(request.checksum, 4),
      ];
    case 'update-data':
      return [...bigEndian(request.offset, 2), ...request.bytes];
  }
}

/** For the panel's side. A reason: how to answer what cannot be understood; undefined: not a request. */
export function decodePanelRequest(frame: PanelFrame): PanelRequest | RefusalReason | undefined {
  if (frame.type & answerBit) return undefined;
  if (frame.type === requestTypes.hello) return { type: 'hello' };
  if (frame.version !== panelFrame.version) return 'version';
  const { payload } = frame;
  const at = (index: number): number => payload[index] ?? 0;
  switch (frame.type) {
    case requestTypes.poll:
      return payload.length === 0 ? { type: 'poll' } : 'bad-payload';
    case requestTypes['set-lamps']:
      return decodeSetLamps(payload);
    case requestTypes.settings: {
      if (payload.length === 0) return { type: 'settings' };
      const [address, brightnessLimit] = [at(0), at(1)];
      const isAddress = address >= panelFrame.minAddress && address <= panelFrame.maxAddress;
      if (payload.length !== 2 || !isAddress || brightnessLimit === 0) return 'bad-payload';
      return { type: 'settings', settings: { address, brightnessLimit } };
    }
    case requestTypes.sound: {
      const sound = panelSounds[at(0)];
      return payload.length === 1 && sound ? { type: 'sound', sound } : 'bad-payload';
    }
    case requestTypes.text:
      return decodeText(payload);
    case requestTypes['update-begin']: {
      const length = numberOf(payload, 4, 2);
      if (payload.length !== 10 || length === 0) return 'bad-payload';
      const firmware = `${at(1)}.${at(2)}.${at(3)}`;
      return { type: 'update-begin', hardware: at(0), firmware, length, checksum: numberOf(payload, 6, 4) };
    }
    case requestTypes['update-data']:
      if (payload.length < 3 || payload.length > 2 + maxUpdateBytes) return 'bad-payload';
      return { type: 'update-data', offset: numberOf(payload, 0, 2), bytes: payload.slice(2) };
    case requestTypes['update-finish']:
      return payload.length === 0 ? { type: 'update-finish' } : 'bad-payload';
    default:
      return 'unknown-type';
  }
}

function decodeSetLamps(payload: Uint8Array): PanelRequest | RefusalReason {
  if (payload.length % 3 !== 0) return 'bad-payload';
  const lamps: ({ lamp: number } & LampState)[] = [];
  for (let i = 0; i < payload.length; i += 3) {
    const look = unpackLook(payload[i + 1] ?? 0xff);
    if (!look) return 'bad-payload';
    lamps.push({ lamp: payload[i] ?? 0, ...look, brightness: payload[i + 2] ?? 0 });
  }
  return { type: 'set-lamps', lamps };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(payload: Uint8Array): PanelRequest | RefusalReason {
  if (payload.length === 0) return 'bad-payload';
  try {
    return { type: 'text', line: payload[0] ?? 0, text: utf8.decode(payload.subarray(1)) };
  } catch {
    return 'bad-payload';
  }
}

function packLook({ colour, pattern }: LampState): number {
  return (lampColours.indexOf(colour) << 4) | lampPatterns.indexOf(pattern);
}

function unpackLook(byte: number): { colour: LampColour; pattern: LampPattern } | undefined {
  const colour = lampColours[byte >> 4];
  const pattern = lampPatterns[byte & 0x0f];
  return colour && pattern ? { colour, pattern } : undefined;
}

function bigEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 0xff);
}

function numberOf(payload: Uint8Array, from: number, bytes: number): number {
  let value = 0;
  for (let i = from; i < from + bytes; i++) value = value * 256 + (payload[i] ?? 0);
  return value;
}
