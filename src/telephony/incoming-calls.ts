/**
 * Who may call in: INVITEs outside dialogs. A trunk is known by its address and may reach what its calls are
 * routed to; everybody else authenticates as an extension. So a stranger can never call out.
 */

import type { Logger } from '../base/log.ts';
import { parseNameAddr, parsePartyUri } from '../codec/name-addr.ts';
import type { CallOrigin } from '../domain/admission.ts';
import type { Trunk } from '../domain/settings.ts';
import type { IncomingCall } from './contract.ts';
import type { DigestServer } from './digest-server.ts';
import type { Registrar } from './registrar.ts';
import { refuseBody, refuseRequired } from './request-refusal.ts';
import { lists, minSessionHeaders, sessionTimerReply } from './session-timer.ts';
import type { SipReply, SipRequest } from './sip-port.ts';
import type { Trunks } from './trunks.ts';

export interface IncomingCallsDeps {
  digest: DigestServer;
  registrar: Registrar;
  trunks: Trunks;
  log: Logger;
  /** Why no call can be taken at present, undefined when it can. */
  closedBecause: () => string | undefined;
  /** What there is too little of to take a call from there, undefined when it may come in. */
  overload: (origin: CallOrigin) => string | undefined;
  /** Whether it is a call of the capacity test. */
  isLoop: (number: string, address: string) => boolean;
  /** Numbers of the emergency services. */
  isEmergency: (number: string) => boolean;
}

/** What who is refused for a passing reason is told to wait, seconds. */
const retryAfterS = '5';

/** A call that may come in, without its leg. */
export type AdmittedCall = Omit<IncomingCall, 'leg'>;

export class IncomingCalls {
  readonly #deps: IncomingCallsDeps;

  constructor(deps: IncomingCallsDeps) {
    this.#deps = deps;
  }

  /** Whose call this is, or the response that refuses it. */
  admit(request: SipRequest): AdmittedCall | { refuse: number; reply?: SipReply } {
    const because = this.#deps.closedBecause();
    if (because !== undefined) return refusedFor(because);
    const dialled = parsePartyUri(request.uri)?.user ?? '';
    if (this.#deps.isLoop(dialled, request.source.address))
      return { source: { kind: 'loop' }, from: 'selftest', fromName: undefined, to: dialled };
    const trunk = this.#trunkOf(request);
    const short = this.#deps.overload(this.#origin(request, trunk));
    if (short !== undefined) return refusedFor(`overloaded: ${short}`);
    const caller = parseNameAddr(request.header('From') ?? '');
    if (!trunk) {
      const claimed = parsePartyUri(caller?.uri ?? '')?.user ?? '';
      const authentication = this.#deps.digest.authenticate(request, claimed, true);
      if (authentication.kind === 'challenge')
        return { refuse: authentication.status, reply: { headers: authentication.headers } };
      if (authentication.kind === 'refused') {
        this.#deps.log.warn('a call was refused: wrong number or password', {
          claimed: authentication.userName,
          source: request.source,
        });
        return { refuse: 403 };
      }
      const { extension } = authentication;
      const refusal = unacceptable(request);
      if (refusal) return refusal;
      // Who authenticated is who calls, whatever From says.
      return {
        source: { kind: 'extension', extension },
        from: extension.number,
        fromName: extension.name,
        to: parsePartyUri(request.uri)?.user ?? '',
      };
    }
    return unacceptable(request) ?? this.#fromTrunk(request, trunk);
  }

  /** A phone that shares its address with a trunk (both behind one router) is told apart by port or credentials. */
  #trunkOf(request: SipRequest): Trunk | undefined {
    if (request.header('Proxy-Authorization') !== undefined) return undefined;
    const { transport, address, port } = request.source;
    const isPhone = this.#deps.registrar
      .all()
      .some(
        ({ source }) => source.transport === transport && source.address === address && source.port === port,
      );
    return isPhone ? undefined : this.#deps.trunks.matching(request);
  }

  /** Before it is known whether the caller is who it says: to refuse must cost little. */
  #origin(request: SipRequest, trunk: Trunk | undefined): CallOrigin {
    if (trunk) return 'outside';
    return this.#deps.isEmergency(parsePartyUri(request.uri)?.user ?? '') ? 'emergency' : 'inside';
  }

  #fromTrunk(request: SipRequest, trunk: Trunk): AdmittedCall {
    // A trunk is trusted to assert who calls (RFC 3325); withheld numbers stay withheld.
    const caller =
      parseNameAddr(request.header('P-Asserted-Identity') ?? '') ??
      parseNameAddr(request.header('From') ?? '');
    const uri = parsePartyUri(caller?.uri ?? '');
    const withheld =
      lists(request.header('Privacy')?.replaceAll(';', ','), 'id') ||
      uri === undefined ||
      uri.user === '' ||
      uri.user.toLowerCase() === 'anonymous' ||
      uri.host === 'anonymous.invalid';
    return {
      source: { kind: 'trunk', trunk },
      from: withheld ? 'anonymous' : uri.user,
      fromName: withheld ? undefined : caller?.displayName,
      to: dialledNumber(request, trunk),
    };
  }
}

function refusedFor(because: string): { refuse: number; reply: SipReply } {
  return {
    refuse: 503,
    reply: { headers: { 'Retry-After': retryAfterS, Warning: `399 cordboard "${because}"` } },
  };
}

/** Providers put the number dialled into the request URI, or leave our registered user there and use To. */
function dialledNumber(request: SipRequest, trunk: Trunk): string {
  const target = parsePartyUri(request.uri)?.user ?? '';
  if (target !== '' && target !== trunk.username) return target;
  return parsePartyUri(parseNameAddr(request.header('To') ?? '')?.uri ?? '')?.user || target;
}

/** What no INVITE may ask of us. */
function unacceptable(request: SipRequest): { refuse: number; reply: SipReply } | undefined {
  const refusal = refuseRequired(request) ?? refuseBody(request);
  if (refusal) return { refuse: refusal.status, reply: refusal.reply };
  if (sessionTimerReply(request) === 'too-brief')
    return { refuse: 422, reply: { headers: minSessionHeaders } };
  const accept = request.header('Accept');
  if (accept !== undefined && !/application\/(?:sdp|\*)|\*\/\*/i.test(accept))
    return { refuse: 406, reply: { reason: 'Not Acceptable' } }; // our answer is SDP (RFC 3261 §21.4.7)
  if (request.header('Contact') === undefined) return { refuse: 400, reply: { reason: 'Missing Contact' } };
  return undefined;
}
