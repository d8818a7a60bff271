/**
 * What becomes of calls when an engine goes, and when it is back.
 *
 *     SIP engine gone:    answered calls keep their audio, what was being set up ends
 *     SIP engine back:    it knows no dialog: each is ended by a BYE from the journal
 *     media engine gone:  its calls end, with a BYE that says why
 *     media engine back:  what an earlier appliance left in it is closed
 */
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { TelephonyEvents } from './contract.ts';
import type { Farewell } from './farewell.ts';
import type { LegBase } from './leg-base.ts';
import type { MediaPort } from './media-port.ts';
import type { ReadyPorts } from './ready-ports.ts';
import type { SipDialog } from './sip-dialog.ts';
import { SipLeg } from './sip-leg.ts';
import { terminationOf } from './termination-map.ts';
import type { Trunks } from './trunks.ts';

export interface EngineLossesDeps {
  media: MediaPort;
  ports: ReadyPorts;
  farewell: Farewell;
  trunks: Trunks;
  dialogs: ReadonlyMap<string, SipDialog>;
  log: Logger;
  /** SIP legs and browser legs, also those that only have their media yet. */
  allLegs(): LegBase[];
  isStopping(): boolean;
  tell(...change: TelephonyEvents['engine']): void;
}

export class EngineLosses {
  readonly #deps: EngineLossesDeps;
  /** Legs whose dialogs the SIP engine lost when it went away, told when it is back. */
  #lost: SipLeg[] = [];

  constructor(deps: EngineLossesDeps) {
    this.#deps = deps;
  }

  sipUp(): void {
    const { farewell, trunks, tell } = this.#deps;
    farewell.settle();
    const lost = this.#lost.splice(0).filter((leg) => !leg.isEnded);
    // All dialogs first: whoever hears of one leg's end hangs up the other, which has no dialog to do it with.
    for (const leg of lost) leg.orphanDialog();
    for (const leg of lost) if (!leg.isEnded) void leg.orphan();
    trunks.onEngineUp();
    tell('sip-engine', 'up');
  }

  sipDown(): void {
    const { trunks, dialogs, allLegs, isStopping, tell } = this.#deps;
    trunks.onEngineDown();
    for (const leg of allLegs()) {
      if (!(leg instanceof SipLeg)) continue;
      // Audio of answered calls goes on; what was still being set up has lost its way.
      if (leg.isUp) this.#lost.push(leg);
      else void leg.fail('sip-engine-failed');
    }
    // An ACK that was still to come will never be told: those dialogs are ended from the journal too.
    for (const dialog of [...dialogs.values()])
      if (dialog.state !== 'confirmed') dialog.orphan(terminationOf('sip-engine-failed'));
    if (!isStopping()) tell('sip-engine', 'down');
  }

  async mediaUp(): Promise<void> {
    const { media, ports, allLegs, log, tell } = this.#deps;
    try {
      const { legIds, recordingIds } = await media.call('hello', { clientId: randomId() });
      const known = new Set(allLegs().map((leg) => leg.legId));
      for (const recordingId of recordingIds) await media.call('record.stop', { recordingId });
      for (const legId of legIds) if (!known.has(legId)) await media.call('leg.close', { legId });
    } catch (error) {
      log.warn('the media engine went away while it was greeted', { error });
    }
    ports.start();
    tell('media-engine', 'up');
  }

  mediaDown(): void {
    const { ports, allLegs, isStopping, tell } = this.#deps;
    ports.forget();
    if (isStopping()) return;
    for (const leg of allLegs()) void leg.hangUp(terminationOf('media-engine-failed'));
    tell('media-engine', 'down');
  }
}
