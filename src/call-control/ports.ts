/** What call-control needs of the rest of the house, in the narrowest form. */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { RecordingResult } from '../codec/media-control.ts';
import type { CallOrigin } from '../domain/admission.ts';
import type { LogEvent } from '../domain/call-event.ts';
import type { AgentStatus } from '../domain/live.ts';
import type { NightMode } from '../domain/schedule.ts';
import type { Language, Settings } from '../domain/settings.ts';
import type { Leg, Telephony } from '../telephony/contract.ts';
import type { LiveState } from './live-state.ts';

export interface CallControlDeps {
  telephony: Telephony;
  live: LiveState;
  /** Never waits for the disk. */
  callLog: { append(event: LogEvent): void };
  prompts: {
    /** A file that the media engine can play; undefined when there is none. */
    pathFor(promptId: string, language: Language): string | undefined;
    /** The prompt that tells a place in line. */
    positionPromptId(position: number): string;
  };
  recordings: {
    /** @throws CordboardError disk.full when there is too little room */
    newFile(callId: string, recordingId: string, at: number): Promise<string>;
    /** What a dead media engine left in a file, mended; null when there is nothing of use. */
    salvage(recordingId: string, file: string): Promise<RecordingResult | null>;
  };
  /** What agents had chosen before the last stop. */
  agentStatuses: {
    load(): ReadonlyMap<string, { status: AgentStatus; reason: string }>;
    save(agentId: string, status: AgentStatus, reason: string): void;
  };
  /** What the night button was set to before the last stop. */
  nightMode: { load(): NightMode | null; save(night: NightMode | null): Promise<void> };
  /** Keeps the SIP messages of a call that has ended. */
  sipTrace: { save(callId: string, sipCallIds: string[]): void };
  /** Admission of calls that do not come by SIP. @returns what there is too little of */
  admission: { refuses(origin: CallOrigin): string | undefined; callsChanged(): void };
  /** Takes the calls of the capacity test, and gives way to all others. */
  capacityTest: { take(leg: Leg, number: string): void; abort(why: 'call'): void };
  settings: Settings;
  clock: Clock;
  log: Logger;
}
