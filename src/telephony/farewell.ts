/**
 * Ends dialogs that the SIP engine does not know (any more): a BYE outside any dialog, put together from what the
 * journal kept. So no trunk leg stays open and billed when a process died.
 */
import type { Logger } from '../base/log.ts';
import type { Termination } from '../domain/termination.ts';
import { nextHopOf } from './addressing.ts';
import type { DialogJournal, JournalledDialog } from './contract.ts';
import type { SipOutgoing, SipPort, SipSource } from './sip-port.ts';
import { reasonHeader } from './termination-map.ts';

/** Above whatever the engine used in the dialog, and below 2^31 (RFC 3261 §8.1.1.5); no request follows a BYE. */
const lastCseq = 2_147_000_000;

export interface FarewellDeps {
  sip: SipPort;
  journal: DialogJournal;
  log: Logger;
}

export class Farewell {
  readonly #deps: FarewellDeps;
  readonly #owed = new Map<string, { dialog: JournalledDialog; termination: Termination }>();

  constructor(deps: FarewellDeps) {
    this.#deps = deps;
  }

  /** Dialogs whose BYE could not be sent yet. */
  get owed(): number {
    return this.#owed.size;
  }

  /** Ends the dialog now, or when the SIP engine is there. */
  owe(dialog: JournalledDialog, termination: Termination): void {
    this.#owed.set(dialog.legId, { dialog, termination });
    if (this.#deps.sip.isUp) this.#say(dialog, termination);
  }

  /** The SIP engine is there: says what is owed. */
  settle(): void {
    for (const { dialog, termination } of this.#owed.values()) this.#say(dialog, termination);
  }

  #say(dialog: JournalledDialog, termination: Termination): void {
    const { sip, log } = this.#deps;
    const done = (outcome: string): void => {
      this.#owed.delete(dialog.legId);
      this.#deps.journal.remove(dialog.legId);
      log.info('ended a dialog of before', { legId: dialog.legId, sipCallId: dialog.sipCallId, outcome });
    };
    sip.send(farewellRequest(dialog, termination), {
      onResponse: (response) => {
        if (response.status >= 200) done(`${response.status} ${response.reason}`);
      },
      onFailure: (error) => {
        // Without the engine it stays owed; when the engine refuses, there is nothing more to be done.
        if (sip.isUp) done(error.message);
      },
    });
  }
}

/** The BYE. */
export function farewellRequest(dialog: JournalledDialog, termination: Termination): SipOutgoing {
  const source = parseSource(dialog.source);
  return {
    method: 'BYE',
    uri: dialog.remoteTarget,
    ...(source ? nextHopOf(source) : {}),
    headers: {
      'Call-ID': dialog.sipCallId,
      From: `<${dialog.localUri}>;tag=${dialog.localTag}`,
      To: `<${dialog.remoteUri}>;tag=${dialog.remoteTag}`,
      CSeq: `${Math.max(dialog.localCseq + 1, lastCseq)} BYE`,
      ...(dialog.routeSet.length === 0 ? {} : { Route: dialog.routeSet.join(', ') }),
      Reason: reasonHeader(termination),
    },
  };
}

/** `udp/192.168.1.20:5060` as the journal writes it. */
export function formatSource(source: SipSource): string {
  return `${source.transport}/${source.address}:${source.port}`;
}

function parseSource(text: string): SipSource | undefined {
  const match = /^(udp|tcp|tls)\/(.+):(\d+)$/.exec(text);
  if (!match) return undefined;
  return { transport: match[1] as SipSource['transport'], address: match[2] ?? '', port: Number(match[3]) };
}
