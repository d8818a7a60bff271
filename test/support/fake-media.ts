/** A media engine without sound: remembers what it was asked and answers at once. */
import type { ControlClient } from '../../src/base/control-socket.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { CordboardError, type ErrorCode } from '../../src/base/errors.ts';
import type { MediaNotices, MediaOperations, QualityRecord } from '../../src/codec/media-control.ts';

type Client = ControlClient<MediaOperations, MediaNotices>;

export const someQuality: QualityRecord = {
  packetsReceived: 100,
  packetsLost: 0,
  packetsSent: 100,
  bytesReceived: 17_200,
  jitterMeanMs: 0,
  jitterMaxMs: 0,
  roundTripMs: null,
  remoteLossFraction: null,
  mos: 4.4,
  foreignDropped: 0,
  longestSilenceMs: 0,
  invalidDropped: 0,
};

export class FakeMedia {
  readonly events: Client['events'] = new Emitter();
  isUp = true;
  readonly calls: { op: string; args: unknown }[] = [];
  readonly openLegs = new Set<string>();
  readonly reserved = new Set<string>();
  /** Operations that fail, with the code they fail with. */
  readonly failing = new Map<string, ErrorCode>();
  /** What an earlier appliance left. */
  readonly left = { legIds: [] as string[], recordingIds: [] as string[] };
  /** What `leg.quality` counts. */
  packetsReceived = 0;
  #nextPort = 16_400;

  async call<Op extends keyof MediaOperations & string>(
    op: Op,
    args: MediaOperations[Op]['args'],
  ): Promise<MediaOperations[Op]['result']> {
    if (!this.isUp) throw new CordboardError('control.disconnected', 'the engine is not connected');
    this.calls.push({ op, args });
    const code = this.failing.get(op);
    if (code) throw new CordboardError(code, `${op} fails`);
    return this.#answer(
      op,
      args as { legId?: string; recordingId?: string; reservationId?: string },
    ) as MediaOperations[Op]['result'];
  }

  down(): void {
    this.isUp = false;
    this.openLegs.clear();
    this.events.emit('down');
  }

  up(): void {
    this.isUp = true;
    this.events.emit('up');
  }

  notice<Name extends 'dtmf' | 'leg.media' | 'play.done' | 'leg.silent' | 'web.closed' | 'record.failed'>(
    name: Name,
    args: MediaNotices[Name],
  ): void {
    this.events.emit('notice', ...([name, args] as [typeof name, typeof args]));
  }

  /** Arguments of each call of this operation. */
  asked<Op extends keyof MediaOperations & string>(op: Op): MediaOperations[Op]['args'][] {
    return this.calls
      .filter((call) => call.op === op)
      .map((call) => call.args as MediaOperations[Op]['args']);
  }

  #answer(op: string, args: { legId?: string; recordingId?: string; reservationId?: string }): unknown {
    switch (op) {
      case 'hello':
        return { engineId: 'fake', webReady: true, ...this.left };
      case 'ports.reserve':
        this.reserved.add(args.reservationId ?? '');
        this.#nextPort += 2;
        return { port: this.#nextPort - 2, thread: 0 };
      case 'ports.release':
        this.reserved.delete(args.reservationId ?? '');
        return null;
      case 'leg.create':
        this.reserved.delete(args.reservationId ?? '');
        this.openLegs.add(args.legId ?? '');
        this.#nextPort += 2;
        return { port: this.#nextPort - 2, thread: 0 };
      case 'leg.close': {
        const known = this.openLegs.delete(args.legId ?? '');
        return { quality: known ? someQuality : null };
      }
      case 'leg.quality':
        return { quality: { ...someQuality, packetsReceived: this.packetsReceived } };
      case 'record.stop':
        return {
          recording: { recordingId: args.recordingId, file: 'x.wav', durationMs: 1, bytes: 1, sha256: '' },
        };
      case 'web.open':
        this.openLegs.add(args.legId ?? '');
        return { routerRtpCapabilities: {}, transportOptions: { send: {}, recv: {} } };
      default:
        return null;
    }
  }
}
