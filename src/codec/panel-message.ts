/**
 * The words of the lamp panel's line, `hardware/panel-protocol.md` section 3: requests of the host, answers of panels,
 * and their numbers. `panel-request.ts` and `panel-answer.ts` put them into frames.
 */
import { panelFrame } from './panel-frame.ts';

/** Order = number on the line. */
export const lampColours = ['off', 'white', 'red', 'amber', 'green', 'blue'] as const;
export type LampColour = (typeof lampColours)[number];
/** Order = number on the line. */
export const lampPatterns = ['steady', 'slow', 'fast', 'double', 'breathing'] as const;
export type LampPattern = (typeof lampPatterns)[number];

export interface LampState {
  colour: LampColour;
  pattern: LampPattern;
  /** 0..255, linear to the eye. */
  brightness: number;
}

/** Order = number on the line, from 1. `long` comes after a press that lasts. */
export const buttonActions = ['press', 'release', 'long'] as const;
export interface ButtonEvent {
  /** 0-based. */
  button: number;
  action: (typeof buttonActions)[number];
}

/** Order = number on the line. `alarm` goes on until silenced, at most 60 s. */
export const panelSounds = ['silence', 'click', 'notice', 'alarm'] as const;
export type PanelSound = (typeof panelSounds)[number];

/** Order = number on the line. `undone`: the last update did not prove itself, the firmware before it runs. */
export const updateStates = ['settled', 'on-trial', 'undone'] as const;
export type UpdateState = (typeof updateStates)[number];

/** What a panel tells since firmware updates exist; an older one leaves it out. */
export interface PanelBuild {
  /** Kind of board and lamps; firmware of another kind is refused. */
  hardware: number;
  updateState: UpdateState;
  /** Why it started last: bit 0 power, 1 reset pin, 2 brown-out, 3 watchdog. */
  resetCause: number;
  /** 0: no display. */
  textLines: number;
}

export interface PanelIdentity {
  /** Highest protocol version the panel speaks. */
  protocolVersion: number;
  /** `major.minor.patch` */
  firmware: string;
  lampCount: number;
  buttonCount: number;
  /** Bit field of `panelCapabilities`. */
  capabilities: number;
  /** Serial number, 16 hex digits; zeros: none was given to it. */
  serial: string;
  build?: PanelBuild;
}

export const panelCapabilities = {
  colour: 1,
  brightness: 2,
  sound: 4,
  text: 8,
  update: 16,
  settings: 32,
} as const;

/** What a panel keeps through a loss of power. */
export interface PanelSettings {
  /** 1..247; counts from the next request on. */
  address: number;
  /** 1..255: what a lamp set to 255 shines with. */
  brightnessLimit: number;
}

/** What an image is, told before it is sent; `hardware/panel-protocol.md` section 6. */
export interface PanelImage {
  hardware: number;
  /** `major.minor.patch` */
  firmware: string;
  /** Bytes, 1..65,535. */
  length: number;
  /** CRC-32 of the image, as it stands in its descriptor. */
  checksum: number;
}

export type PanelRequest =
  | { type: 'hello' }
  | { type: 'set-lamps'; lamps: ({ lamp: number } & LampState)[] }
  | { type: 'poll' }
  /** Without settings they are only read. */
  | { type: 'settings'; settings?: PanelSettings }
  | { type: 'sound'; sound: PanelSound }
  /** Replaces the line; at most 95 bytes of UTF-8. */
  | { type: 'text'; line: number; text: string }
  | ({ type: 'update-begin' } & PanelImage)
  /** 1 to 64 bytes of the image. */
  | { type: 'update-data'; offset: number; bytes: Uint8Array }
  | { type: 'update-finish' };

export const lampResults = ['done', 'no-such-lamp'] as const;
export type LampResult = (typeof lampResults)[number];
export const textResults = ['done', 'no-such-line'] as const;
export const beginResults = ['ready', 'other-hardware', 'too-long'] as const;
export const dataResults = ['taken', 'not-begun', 'other-offset', 'not-written'] as const;
export const finishResults = ['restarting', 'not-begun', 'incomplete', 'wrong-checksum'] as const;
/** Order = number on the line, from 1. */
export const refusalReasons = ['unknown-type', 'bad-payload', 'version'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

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
  | { type: 'settings'; settings: PanelSettings }
  | { type: 'sound' }
  | { type: 'text'; result: (typeof textResults)[number] }
  | { type: 'update-begin'; result: (typeof beginResults)[number] }
  /** `offset`: the byte it wants next. */
  | { type: 'update-data'; result: (typeof dataResults)[number]; offset: number }
  | { type: 'update-finish'; result: (typeof finishResults)[number] }
  | { type: 'refused'; reason: RefusalReason };

/** Lamp number that means every lamp. */
export const allLamps = 0xff;
/** Lamps in one set-lamps. */
export const maxLampsPerFrame = panelFrame.maxPayloadBytes / 3;
/** Button events in one answer. */
export const maxEventsPerAnswer = 16;
/** Bytes of an image in one update-data. */
export const maxUpdateBytes = 64;

export const requestTypes = {
  hello: 0x01,
  'set-lamps': 0x02,
  poll: 0x03,
  settings: 0x04,
  sound: 0x05,
  text: 0x06,
  'update-begin': 0x07,
  'update-data': 0x08,
  'update-finish': 0x09,
} as const;
/** Set in the type of an answer. */
export const answerBit = 0x80;

/** Whom a frame is for, or comes from, and which exchange it belongs to. */
export interface Addressed {
  address: number;
  sequence: number;
}
