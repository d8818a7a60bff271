/**
 * Who is in which dialog: the body `application/dialog-info+xml` of NOTIFY, RFC 4235. Lamps of desk phones live on it.
 *
 *     dialog-info   version 0, 1, 2 … within a subscription; full: all there is, partial: what changed
 *       dialog      id is the notifier's; call-id and tags only for who may pick the call up
 *         state     trying -> proceeding -> early -> confirmed -> terminated (section 3.7.1)
 */
import { escapeXml, parseXml, type XmlElement } from './xml.ts';

export const dialogInfoType = 'application/dialog-info+xml';

const states = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'] as const;
const directions = ['initiator', 'recipient'] as const;
const endings = ['cancelled', 'rejected', 'replaced', 'local-bye', 'remote-bye', 'error', 'timeout'] as const;

export type DialogStateName = (typeof states)[number];
/** Who began the dialog, seen from the entity: `initiator` when it did. */
export type DialogDirection = (typeof directions)[number];
/** Why a dialog is in the state `terminated`. */
export type DialogEnding = (typeof endings)[number];

/** One end of a dialog. */
export interface DialogParty {
  /** URI of who it is. */
  identity?: string;
  displayName?: string;
  /** URI of its Contact. */
  target?: string;
  /** Parameters of the target, as `+sip.rendering` = `no` for a call on hold (section 4.1.6.2). */
  targetParameters?: Record<string, string>;
}

export interface DialogInfoEntry {
  id: string;
  state: DialogStateName;
  /** SIP status that led to the state, 100..699. */
  code?: number;
  event?: DialogEnding;
  direction?: DialogDirection;
  callId?: string;
  localTag?: string;
  remoteTag?: string;
  /** Seconds since the dialog began. */
  durationS?: number;
  local?: DialogParty;
  remote?: DialogParty;
}

export interface DialogInfo {
  /** 0..2^31-1; each document of a subscription has one more than the one before. */
  version: number;
  state: 'full' | 'partial';
  /** URI whose dialogs these are. */
  entity: string;
  dialogs: DialogInfoEntry[];
}

/** Writes a document. */
export function formatDialogInfo(info: DialogInfo): string {
  const root = {
    xmlns: 'urn:ietf:params:xml:ns:dialog-info',
    version: String(info.version),
    state: info.state,
    entity: info.entity,
  };
  const dialogs = info.dialogs.map(formatDialog).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<dialog-info${attributes(root)}>\r\n${dialogs}</dialog-info>\r\n`;
}

/** Reads a document; elements of other name spaces are left out. @returns undefined when it is none */
export function parseDialogInfo(text: string): DialogInfo | undefined {
  const root = parseXml(text);
  if (root?.name !== 'dialog-info') return undefined;
  const version = wholeNumber(root.attributes.get('version'), 0x7fff_ffff);
  const state = oneOf(['full', 'partial'] as const, root.attributes.get('state'));
  const entity = root.attributes.get('entity')?.trim();
  if (version === undefined || state === undefined || !entity) return undefined;
  const dialogs: DialogInfoEntry[] = [];
  for (const child of root.children) {
    if (child.name !== 'dialog') continue;
    const dialog = readDialog(child);
    if (!dialog) return undefined;
    dialogs.push(dialog);
  }
  return { version, state, entity, dialogs };
}

function formatDialog(dialog: DialogInfoEntry): string {
  const own = {
    id: dialog.id,
    'call-id': dialog.callId,
    'local-tag': dialog.localTag,
    'remote-tag': dialog.remoteTag,
    direction: dialog.direction,
  };
  const state = { event: dialog.event, code: dialog.code?.toString() };
  const duration =
    dialog.durationS === undefined ? '' : `<duration>${Math.floor(dialog.durationS)}</duration>`;
  return `<dialog${attributes(own)}><state${attributes(state)}>${dialog.state}</state>${duration}${formatParty(
    'local',
    dialog.local,
  )}${formatParty('remote', dialog.remote)}</dialog>\r\n`;
}

function formatParty(name: 'local' | 'remote', party: DialogParty | undefined): string {
  if (!party) return '';
  const { identity, displayName, target, targetParameters = {} } = party;
  const who =
    identity === undefined
      ? ''
      : `<identity${attributes({ display: displayName })}>${escapeXml(identity)}</identity>`;
  const parameters = Object.entries(targetParameters)
    .map(([pname, pval]) => `<param${attributes({ pname, pval })}/>`)
    .join('');
  const where = target === undefined ? '' : `<target${attributes({ uri: target })}>${parameters}</target>`;
  return `<${name}>${who}${where}</${name}>`;
}

function attributes(values: Record<string, string | undefined>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(value)}"`))
    .join('');
}

function readDialog(element: XmlElement): DialogInfoEntry | undefined {
  const of = (name: string): string | undefined => element.attributes.get(name);
  const id = of('id');
  const stateElement = child(element, 'state');
  const state = oneOf(states, stateElement?.text.trim());
  if (!id || state === undefined) return undefined;
  const code = wholeNumber(stateElement?.attributes.get('code'), 699);
  return present({
    id,
    state,
    code: code !== undefined && code >= 100 ? code : undefined,
    event: oneOf(endings, stateElement?.attributes.get('event')),
    direction: oneOf(directions, of('direction')),
    callId: of('call-id'),
    localTag: of('local-tag'),
    remoteTag: of('remote-tag'),
    durationS: wholeNumber(child(element, 'duration')?.text.trim(), Number.MAX_SAFE_INTEGER),
    local: readParty(child(element, 'local')),
    remote: readParty(child(element, 'remote')),
  });
}

function readParty(element: XmlElement | undefined): DialogParty | undefined {
  if (!element) return undefined;
  const identity = child(element, 'identity');
  const target = child(element, 'target');
  const parameters = (target?.children ?? []).flatMap((each) => {
    const name = each.attributes.get('pname');
    return each.name === 'param' && name ? [[name, each.attributes.get('pval') ?? ''] as const] : [];
  });
  return present({
    identity: identity?.text.trim() || undefined,
    displayName: identity?.attributes.get('display') || undefined,
    target: target?.attributes.get('uri')?.trim() || undefined,
    targetParameters: parameters.length > 0 ? Object.fromEntries(parameters) : undefined,
  });
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

function wholeNumber(text: string | undefined, most: number): number | undefined {
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : undefined;
}

function oneOf<T extends string>(list: readonly T[], text: string | undefined): T | undefined {
  return list.find((each) => each === text);
}

/** Without the keys that hold nothing. */
function present<T extends object>(value: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
