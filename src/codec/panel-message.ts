/** What the frames of the lamp panel say, `hardware/panel-protocol.md` section 3: requests of the host, answers of panels. */
import { encodePanelFrame, type PanelFrame, panelFrame } from './panel-frame.ts';

/** Order = number on the line. */
export const lampColours = ['off', 'white', 'red', 'amber', 'green', 'blue'] as const;
export type LampColour = (typeof lampColours)[number];
/** Order = number on the line. */
export const lampPatterns = ['steady', 'slow', 'fast', 'double', 'breathing'] as const;
export type LampPattern = (typeof lampPatterns)[number];

export interface LampState {
  colour: LampColour;
  pattern: LampPattern;
  /** 0..255 */
  brightness: number;
}

/** Order = number on the line, from 1. `long` comes after a press that lasts. */
export const buttonActions = ['press', 'release', 'long'] as const;
export interface ButtonEvent {
  /** 0-based. */
  button: number;
  action: (typeof buttonActions)[number];
}

export interface PanelIdentity {
  /** Highest protocol version the panel speaks. */
  protocolVersion: number;
  /** `major.minor.patch` */
  firmware: string;
  lampCount: number;
  buttonCount: number;
  /** Bit field, see the specification. */
  capabilities: number;
  /** Serial number, 16 hex digits. */
  serial: string;
}

export const panelCapabilities = { colour: 1, brightness: 2 } as const;

export type PanelRequest =
  | { type: 'hello' }
  | { type: 'set-lamps'; lamps: ({ lamp: number } & LampState)[] }
  | { type: 'poll' };

export type LampResult = 'done' | 'no-such-lamp';
export type RefusalReason = 'unknown-type' | 'bad-payload' | 'version';

export type PanelAnswer =
  | ({ type: 'hello' } & PanelIdentity)
  /** `no-such-lamp`: those that exist were set. */
  | { type: 'set-lamps'; result: LampResult }
  | {
      type: 'poll';
      /** The panel heard nothing for too long and shows stale until the next set-lamps. */
      stale: boolean;
      /** The panel started anew since the last hello. */
      restarted: boolean;
      /** More buttons were pressed than it could remember. */
      eventsLost: boolean;
      /** Buttons held down now, bit 0 = button 0. */
      held: number;
      /** Bytes the panel threw away since it started, modulo 65,536. */
      discardedBytes: number;
      events: ButtonEvent[];
    }
  | { type: 'refused'; reason: RefusalReason };

/** Lamp number that means every lamp. */
export const allLamps = 0xff;
/** Lamps in one set-lamps. */
export const maxLampsPerFrame = panelFrame.maxPayloadBytes / 3;
/** Button events in one answer. */
export const maxEventsPerAnswer = 16;

const requestTypes = { hello: 0x01, 'set-lamps': 0x02, poll: 0x03 } as const;
const answerBit = 0x80;
const refusedType = 0xff;
const lampResults = ['done', 'no-such-lamp'] as const;
const refusalReasons = ['unknown-type', 'bad-payload', 'version'] as const;
const pollFlags = { stale: 1, restarted: 2, eventsLost: 4 } as const;

type Addressed = { address: number; sequence: number };

export function encodePanelRequest({ address, sequence }: Addressed, request: PanelRequest): Uint8Array {
  return encodePanelFrame({
    version: panelFrame.version,
    address,
    sequence,
    type: requestTypes[request.type],
    payload:
      request.type === 'set-lamps'
        ? Uint8Array.from(request.lamps.flatMap((lamp) => [lamp.lamp, packLook(lamp), lamp.brightness]))
        : new Uint8Array(0),
  });
}

/** For the panel's side. `refused`: how to answer what cannot be understood; undefined: not a request. */
export function decodePanelRequest(frame: PanelFrame): PanelRequest | RefusalReason | undefined {
  if (frame.type & answerBit) return undefined;
  if (frame.version !== panelFrame.version && frame.type !== requestTypes.hello) return 'version';
  const { payload } = frame;
  switch (frame.type) {
    case requestTypes.hello:
      return { type: 'hello' };
    case requestTypes.poll:
      return payload.length === 0 ? { type: 'poll' } : 'bad-payload';
    case requestTypes['set-lamps']: {
      if (payload.length % 3 !== 0) return 'bad-payload';
      const lamps: ({ lamp: number } & LampState)[] = [];
      for (let i = 0; i < payload.length; i += 3) {
        const look = unpackLook(payload[i + 1] ?? 0xff);
        if (!look) return 'bad-payload';
        lamps.push({ lamp: payload[i] ?? 0, ...look, brightness: payload[i + 2] ?? 0 });
      }
      return { type: 'set-lamps', lamps };
    }
    default:
      return 'unknown-type';
  }
}

/** For the panel's side. */
export function encodePanelAnswer({ address, sequence }: Addressed, answer: PanelAnswer): Uint8Array {
  const type = answer.type === 'refused' ? refusedType : requestTypes[answer.type] | answerBit;
  const payload = Uint8Array.from(answerPayload(answer));
  return encodePanelFrame({ version: panelFrame.version, address, sequence, type, payload });
}

function answerPayload(answer: PanelAnswer): number[] {
  switch (answer.type) {
    case 'hello':
      return [
        answer.protocolVersion,
        ...answer.firmware.split('.').map(Number),
        answer.lampCount,
        answer.buttonCount,
        answer.capabilities >> 8,
        answer.capabilities & 0xff,
        ...(answer.serial.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
      ];
    case 'set-lamps':
      return [lampResults.indexOf(answer.result)];
    case 'poll':
      return [
        (answer.stale ? pollFlags.stale : 0) |
          (answer.restarted ? pollFlags.restarted : 0) |
          (answer.eventsLost ? pollFlags.eventsLost : 0),
        answer.held,
        answer.discardedBytes >> 8,
        answer.discardedBytes & 0xff,
        ...answer.events.flatMap((e) => [e.button, buttonActions.indexOf(e.action) + 1]),
      ];
    case 'refused':
      return [refusalReasons.indexOf(answer.reason) + 1];
  }
}

/** Undefined: not an answer, or one that breaks the specification. Bytes added at an answer's end by a later version are passed over. */
export function decodePanelAnswer(frame: PanelFrame): PanelAnswer | undefined {
  const { payload, type } = frame;
  const at = (index: number): number => payload[index] ?? 0;
  switch (type) {
    case requestTypes.hello | answerBit:
      if (payload.length < 16) return undefined;
      return {
        type: 'hello',
        protocolVersion: at(0),
        firmware: `${at(1)}.${at(2)}.${at(3)}`,
        lampCount: at(4),
        buttonCount: at(5),
        capabilities: (at(6) << 8) | at(7),
        serial: [...payload.subarray(8, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      };
    case requestTypes['set-lamps'] | answerBit: {
      const result = lampResults[at(0)];
      return payload.length >= 1 && result ? { type: 'set-lamps', result } : undefined;
    }
    case requestTypes.poll | answerBit:
      return decodePollAnswer(payload);
    case refusedType: {
      const reason = refusalReasons[at(0) - 1];
      return reason ? { type: 'refused', reason } : undefined;
    }
    default:
      return undefined;
  }
}

function decodePollAnswer(payload: Uint8Array): PanelAnswer | undefined {
  if (payload.length < 4 || payload.length % 2 !== 0) return undefined;
  const flags = payload[0] ?? 0;
  const events: ButtonEvent[] = [];
  for (let i = 4; i < payload.length; i += 2) {
    const action = buttonActions[(payload[i + 1] ?? 0) - 1];
    if (!action) return undefined;
    events.push({ button: payload[i] ?? 0, action });
  }
  return {
    type: 'poll',
    stale: (flags & pollFlags.stale) !== 0,
    restarted: (flags & pollFlags.restarted) !== 0,
    eventsLost: (flags & pollFlags.eventsLost) !== 0,
    held: payload[1] ?? 0,
    discardedBytes: ((payload[2] ?? 0) << 8) | (payload[3] ?? 0),
    events,
  };
}

function packLook({ colour, pattern }: LampState): number {
  return (lampColours.indexOf(colour) << 4) | lampPatterns.indexOf(pattern);
}

function unpackLook(byte: number): { colour: LampColour; pattern: LampPattern } | undefined {
  const colour = lampColours[byte >> 4];
  const pattern = lampPatterns[byte & 0x0f];
  return colour && pattern ? { colour, pattern } : undefined;
}
