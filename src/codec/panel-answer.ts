/** Answers of a lamp panel as frames, both ways; `hardware/panel-protocol.md` section 3. */
import { encodePanelFrame, type PanelFrame, panelFrame } from './panel-frame.ts';
import {
  type Addressed,
  answerBit,
  type ButtonEvent,
  beginResults,
  buttonActions,
  dataResults,
  finishResults,
  lampResults,
  type PanelAnswer,
  type PanelBuild,
  refusalReasons,
  requestTypes,
  textResults,
  updateStates,
} from './panel-message.ts';

const refusedType = 0xff;
const pollFlags = { stale: 1, restarted: 2, eventsLost: 4 } as const;
/** Bytes of a hello without, and with, what it tells of its build. */
const helloBytes = 16;
const helloBytesWithBuild = 20;

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
        ...(answer.build ? packBuild(answer.build) : []),
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
    case 'settings':
      return [answer.settings.address, answer.settings.brightnessLimit];
    case 'sound':
      return [];
    case 'text':
      return [textResults.indexOf(answer.result)];
    case 'update-begin':
      return [beginResults.indexOf(answer.result)];
    case 'update-data':
      return [dataResults.indexOf(answer.result), answer.offset >> 8, answer.offset & 0xff];
    case 'update-finish':
      return [finishResults.indexOf(answer.result)];
    case 'refused':
      return [refusalReasons.indexOf(answer.reason) + 1];
  }
}

/**
 * Undefined: not an answer, or one that breaks the specification. Bytes added at an answer's end by a later version
 * are passed over.
 */
export function decodePanelAnswer({ payload, type }: PanelFrame): PanelAnswer | undefined {
  const at = (index: number): number => payload[index] ?? 0;
  /** The word that the first byte stands for; undefined also when there is none. */
  const result = <T extends string>(results: readonly T[]): T | undefined => results[payload[0] ?? -1];
  switch (type) {
    case requestTypes.hello | answerBit:
      return decodeHello(payload);
    case requestTypes['set-lamps'] | answerBit:
      return answered('set-lamps', result(lampResults));
    case requestTypes.poll | answerBit:
      return decodePoll(payload);
    case requestTypes.settings | answerBit:
      if (payload.length < 2) return undefined;
      return { type: 'settings', settings: { address: at(0), brightnessLimit: at(1) } };
    case requestTypes.sound | answerBit:
      return { type: 'sound' };
    case requestTypes.text | answerBit:
      return answered('text', result(textResults));
    case requestTypes['update-begin'] | answerBit:
      return answered('update-begin', result(beginResults));
    case requestTypes['update-data'] | answerBit: {
      const word = result(dataResults);
      if (!word || payload.length < 3) return undefined;
      return { type: 'update-data', result: word, offset: (at(1) << 8) | at(2) };
    }
    case requestTypes['update-finish'] | answerBit:
      return answered('update-finish', result(finishResults));
    case refusedType: {
      const reason = refusalReasons[at(0) - 1];
      return reason ? { type: 'refused', reason } : undefined;
    }
    default:
      return undefined;
  }
}

function answered<T extends string, R>(type: T, result: R | undefined): { type: T; result: R } | undefined {
  return result === undefined ? undefined : { type, result };
}

function decodeHello(payload: Uint8Array): PanelAnswer | undefined {
  if (payload.length < helloBytes) return undefined;
  const at = (index: number): number => payload[index] ?? 0;
  const build = unpackBuild(payload);
  return {
    type: 'hello',
    protocolVersion: at(0),
    firmware: `${at(1)}.${at(2)}.${at(3)}`,
    lampCount: at(4),
    buttonCount: at(5),
    capabilities: (at(6) << 8) | at(7),
    serial: [...payload.subarray(8, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    ...(build ? { build } : {}),
  };
}

function packBuild(build: PanelBuild): number[] {
  return [build.hardware, updateStates.indexOf(build.updateState), build.resetCause, build.textLines];
}

function unpackBuild(payload: Uint8Array): PanelBuild | undefined {
  const [hardware = 0, state = -1, resetCause = 0, textLines = 0] = payload.subarray(helloBytes);
  const updateState = updateStates[state];
  if (payload.length < helloBytesWithBuild || !updateState) return undefined;
  return { hardware, updateState, resetCause, textLines };
}

function decodePoll(payload: Uint8Array): PanelAnswer | undefined {
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
