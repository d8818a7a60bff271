/** Every live dialog, by what the network calls it and by what the application calls it. */
import type { SipMessage } from '../codec/sip-message.ts';
import type { Dialog } from './dialog.ts';
import type { WireClient } from './wire-client.ts';

export class DialogStore {
  readonly #byTags = new Map<string, Dialog>();
  /** Several while a forked INVITE rings in several places; the newest is last. */
  readonly #byId = new Map<string, Dialog[]>();

  get count(): number {
    return this.#byTags.size;
  }

  /** The id for a dialog made by `request`; a number is added should another live dialog have it (a call looped back to us). */
  idFor(request: SipMessage, role: 'uac' | 'uas'): string {
    const id = `${request.callId};from-tag=${request.fromTag}`;
    const other = this.#byId.get(id)?.[0];
    return other === undefined || other.role === role ? id : `${id};${role}`;
  }

  add(dialog: Dialog): void {
    this.#byTags.set(tagsKey(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
    const same = this.#byId.get(dialog.id);
    if (same) same.push(dialog);
    else this.#byId.set(dialog.id, [dialog]);
  }

  /** Forgets it and stops its timers. Idempotent. */
  remove(dialog: Dialog): void {
    if (dialog.state === 'ended') return;
    silence(dialog);
    for (const cseq of [...dialog.accepted.keys()]) dialog.acknowledged(cseq);
    this.#byTags.delete(tagsKey(dialog.callId, dialog.localTag, dialog.remoteTag));
    const same = this.#byId.get(dialog.id);
    if (!same) return;
    const rest = same.filter((each) => each !== dialog);
    if (rest.length === 0) this.#byId.delete(dialog.id);
    else this.#byId.set(dialog.id, rest);
  }

  /** Which dialog a request from the network belongs to (§12.2.2). */
  forRequest(request: SipMessage): Dialog | undefined {
    return this.find(request.callId, request.toTag, request.fromTag);
  }

  find(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.#byTags.get(tagsKey(callId, localTag, remoteTag));
  }

  /** By the application's id: the confirmed one, else the fork heard last. */
  byId(id: string): Dialog | undefined {
    const same = this.#byId.get(id);
    return same?.find((each) => each.state !== 'early') ?? same?.at(-1);
  }

  /** All forks of that id. */
  allById(id: string): readonly Dialog[] {
    return this.#byId.get(id) ?? [];
  }

  ownedBy(client: WireClient): Dialog[] {
    return [...this.#byTags.values()].filter((dialog) => dialog.owner === client);
  }

  /** Forgets all, without a word to anybody. */
  stop(): void {
    for (const dialog of this.#byTags.values()) silence(dialog);
    this.#byTags.clear();
    this.#byId.clear();
  }
}

function silence(dialog: Dialog): void {
  dialog.state = 'ended';
  dialog.limit?.cancel();
  dialog.orphanLimit?.cancel();
  dialog.sessionTimer?.stop();
  for (const accepted of dialog.accepted.values()) accepted.stop();
}

function tagsKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId} ${localTag} ${remoteTag}`;
}
