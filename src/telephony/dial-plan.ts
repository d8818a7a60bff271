/** From what is to be dialled to where INVITEs go and as whom: phones of an extension, or a trunk. */
import { escapeUser, formatSipUri } from '../codec/name-addr.ts';
import type { DtmfMode, MediaEncryption, Settings, Trunk } from '../domain/settings.ts';
import { nextHopOf } from './addressing.ts';
import type { ContactKeeper } from './contact-keeper.ts';
import type { DialOptions } from './contract.ts';
import type { AttemptTarget } from './outbound-attempt.ts';
import type { Registrar } from './registrar.ts';
import type { LegReason } from './termination-map.ts';
import { trunkNextHop, trunkPort } from './trunk-hosts.ts';
import { TrunkRegistration } from './trunk-registration.ts';
import type { Trunks } from './trunks.ts';

export interface DialPlan {
  /** Number of the called party. */
  party: string;
  peerKind: 'phone' | 'trunk';
  encryption: MediaEncryption;
  dtmf: DtmfMode;
  targets: AttemptTarget[];
  /** Why there are no targets. */
  nowhere?: LegReason;
}

export interface DialPlanDeps {
  settings: Settings;
  registrar: Registrar;
  keeper: ContactKeeper;
  trunks: Trunks;
}

/**
 * Headers by which phones pick up by themselves: Snom and Gigaset read Call-Info, Yealink and Grandstream
 * Alert-Info.
 */
const autoAnswerHeaders = {
  'Call-Info': '<sip:localhost>;answer-after=0',
  'Alert-Info': '<http://localhost>;info=alert-autoanswer;delay=0',
} as const;

export function planDial(deps: DialPlanDeps, options: DialOptions): DialPlan {
  return options.target.kind === 'extension'
    ? toExtension(deps, options, options.target.extensionId)
    : toTrunk(deps, options, options.target.trunkId, options.target.number);
}

function toExtension(deps: DialPlanDeps, options: DialOptions, extensionId: string): DialPlan {
  const extension = deps.settings.extensions.find(({ id }) => id === extensionId);
  const plan = {
    party: extension?.number ?? extensionId,
    peerKind: 'phone' as const,
    encryption: extension?.mediaEncryption ?? ('off' as const),
    dtmf: extension?.dtmf ?? ('auto' as const),
  };
  const contacts = deps.registrar
    .contactsOf(extensionId)
    .filter((contact) => deps.keeper.isReachable(contact));
  if (contacts.length === 0) return { ...plan, targets: [], nowhere: 'no-contact' };
  const targets = contacts.map((contact) => ({
    uri: contact.uri,
    ...nextHopOf(contact.source),
    destination: contact.source.address,
    from: { displayName: options.callerName, uri: `sip:${escapeUser(options.callerNumber)}@localhost` },
    headers: options.autoAnswer ? autoAnswerHeaders : {},
  }));
  return { ...plan, targets };
}

function toTrunk(deps: DialPlanDeps, options: DialOptions, trunkId: string, number: string): DialPlan {
  const link = deps.trunks.get(trunkId);
  const plan = {
    party: number,
    peerKind: 'trunk' as const,
    encryption: link?.trunk.mediaEncryption ?? ('off' as const),
    dtmf: link?.trunk.dtmf ?? ('auto' as const),
    targets: [],
  };
  if (!link?.trunk.enabled) return { ...plan, nowhere: 'no-trunk' };
  if (!/^\+?[0-9*#]{1,32}$/.test(number)) return { ...plan, nowhere: 'bad-number' };
  const { trunk, digest, hostAddresses } = link;
  const port = trunkPort(trunk);
  const serviceRoute = link.watch instanceof TrunkRegistration ? link.watch.serviceRoute : [];
  const target: AttemptTarget = {
    uri: formatSipUri({ user: number, host: trunk.host, port: port === 5060 ? undefined : port }),
    ...trunkNextHop(trunk, serviceRoute),
    destination: hostAddresses[0] ?? trunk.host,
    from: { displayName: undefined, uri: callerUri(deps.settings, trunk, options.callerNumber) },
    headers: serviceRoute.length === 0 ? {} : { Route: serviceRoute.join(', ') },
    digest,
  };
  return { ...plan, targets: [target] };
}

/**
 * Who calls, as the provider is to show it: the caller's own number when it has one that the world knows, else the
 * trunk's. An extension's number means nothing outside. Providers with registration want their own domain.
 */
function callerUri(settings: Settings, trunk: Trunk, callerNumber: string): string {
  const isInternal = settings.extensions.some(({ number }) => number === callerNumber);
  const own = isInternal || !/^\+?[0-9]{3,}$/.test(callerNumber) ? undefined : callerNumber;
  const user = own ?? trunk.callerNumber ?? trunk.username ?? 'anonymous';
  return `sip:${escapeUser(user)}@${trunk.kind === 'register' ? trunk.host : 'localhost'}`;
}
