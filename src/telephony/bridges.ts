/** Joining and recording legs: thin handles over the media engine. */
import { randomId } from '../base/ids.ts';
import type { RecordingResult } from '../codec/media-control.ts';
import type { Bridge, Leg, Recording } from './contract.ts';
import { LegBase } from './leg-base.ts';
import type { MediaPort } from './media-port.ts';

/**
 * Joins two legs, as soon as both have media: a caller may be answered in this same moment. The media engine parts
 * them by itself when one ends.
 * @throws CordboardError sip.cancelled when one ends before, or the media engine's
 */
export async function joinLegs(media: MediaPort, a: Leg, b: Leg): Promise<Bridge> {
  const bridgeId = randomId();
  await Promise.all([a, b].map((leg) => (leg instanceof LegBase ? leg.mediaOpened : undefined)));
  await media.call('bridge.join', { bridgeId, legIds: [a.legId, b.legId] });
  const part = pair(a, b);
  let left: Promise<void> | undefined;
  const leave = async (): Promise<void> => {
    part();
    try {
      await media.call('bridge.leave', { bridgeId });
    } catch {
      // The engine is gone, and the bridge with it.
    }
  };
  return {
    bridgeId,
    leave: () => {
      left ??= leave();
      return left;
    },
  };
}

/** Lets each hear of the other's digits that do not travel with the audio. @returns how to undo it */
function pair(a: Leg, b: Leg): () => void {
  if (!(a instanceof LegBase && b instanceof LegBase)) return () => {};
  a.partner = b;
  b.partner = a;
  return () => {
    if (a.partner === b) a.partner = undefined;
    if (b.partner === a) b.partner = undefined;
  };
}

/** Records two legs. @throws CordboardError disk.full, disk.failed, or the media engine's */
export async function recordLegs(
  media: MediaPort,
  options: { recordingId: string; file: string; left: Leg; right: Leg },
): Promise<Recording> {
  const { recordingId, file, left, right } = options;
  await media.call('record.start', {
    recordingId,
    file,
    leftLegId: left.legId,
    rightLegId: right.legId,
  });
  let stopped: Promise<RecordingResult | null> | undefined;
  const stop = async (): Promise<RecordingResult | null> => {
    try {
      return (await media.call('record.stop', { recordingId })).recording;
    } catch {
      return null; // the engine is gone; the file is repaired at the next start
    }
  };
  return {
    recordingId,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
