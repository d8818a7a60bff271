/**
 * Whom a leg listens to. The first consistent source is locked and everything from elsewhere is foreign, so that
 * nobody can speak into a call by guessing its port; each negotiation opens the lock again. Where a NAT is allowed
 * for, only its own network is learnt from: who sprays all our ports from elsewhere wins no race.
 */
import { BlockList, isIP } from 'node:net';
import { sequenceDelta } from '../../codec/rtp.ts';

/** A source that was not signalled must send this many packets in sequence, RFC 3550 appendix A.1 (MIN_SEQUENTIAL). */
const minSequential = 2;

export class PeerLock {
  /** Where the peer says it is. */
  #address = '';
  #port = 0;
  #symmetric = false;
  /** Where a symmetric peer may be found; undefined: anywhere. */
  #range: BlockList | undefined;
  #locked = false;
  #lockedAddress = '';
  #lockedPort = 0;
  /** Someone at an unexpected place who may be the peer. */
  #candidateAddress = '';
  #candidatePort = 0;
  #candidateSsrc = 0;
  #candidateSequence = 0;
  #candidateCount = 0;

  /** New negotiation: learn anew. Until then what was learnt is kept to send to, unless the peer moved. */
  signalled(address: string, port: number, symmetric: boolean, signallingAddress?: string): void {
    if (address !== this.#address || port !== this.#port || !symmetric) {
      this.#lockedAddress = '';
      this.#lockedPort = 0;
    }
    this.#address = address;
    this.#port = port;
    this.#symmetric = symmetric;
    this.#range = symmetric && signallingAddress !== undefined ? rangeAround(signallingAddress) : undefined;
    this.#locked = false;
    this.#candidateCount = 0;
  }

  /** Whether a packet from there can be the peer's; asked before anything in it is read. */
  mayComeFrom(address: string, port: number): boolean {
    if (this.#locked) return port === this.#lockedPort && address === this.#lockedAddress;
    return address === this.#address || this.#mayBeAt(address);
  }

  /** True when a packet from there is the peer's. */
  accept(address: string, port: number, ssrc: number, sequence: number): boolean {
    if (!this.mayComeFrom(address, port)) return false;
    if (this.#locked) return true;
    const isExpected = address === this.#address && port === this.#port;
    const isKnown = address === this.#lockedAddress && port === this.#lockedPort;
    if (isExpected || isKnown) return this.#lock(address, port);
    const goesOn =
      this.#candidateCount > 0 &&
      address === this.#candidateAddress &&
      port === this.#candidatePort &&
      ssrc === this.#candidateSsrc &&
      sequenceDelta(sequence, this.#candidateSequence) === 1;
    this.#candidateCount = goesOn ? this.#candidateCount + 1 : 1;
    this.#candidateAddress = address;
    this.#candidatePort = port;
    this.#candidateSsrc = ssrc;
    this.#candidateSequence = sequence;
    return this.#candidateCount >= minSequential && this.#lock(address, port);
  }

  /** Whether RTCP from there is the peer's: its host, whatever the port. */
  acceptsControl(address: string): boolean {
    return address === this.targetAddress || (!this.#locked && address === this.#address);
  }

  get locked(): boolean {
    return this.#locked;
  }

  /** Where to send: where the peer was found when NAT is allowed for, otherwise where it said. */
  get targetAddress(): string {
    return this.#symmetric && this.#lockedAddress ? this.#lockedAddress : this.#address;
  }

  get targetPort(): number {
    return this.#symmetric && this.#lockedPort ? this.#lockedPort : this.#port;
  }

  #mayBeAt(address: string): boolean {
    if (!this.#symmetric) return false;
    return this.#range === undefined || this.#range.check(address, familyOf(address));
  }

  #lock(address: string, port: number): true {
    this.#locked = true;
    this.#lockedAddress = address;
    this.#lockedPort = port;
    return true;
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Providers with too few addresses give one customer several of them, but neighbours. */
function rangeAround(address: string): BlockList {
  const range = new BlockList();
  const family = familyOf(address);
  const [plain = ''] = address.split('%', 1); // without the zone of a link-local one
  range.addSubnet(plain, family === 'ipv4' ? 24 : 64, family);
  return range;
}
