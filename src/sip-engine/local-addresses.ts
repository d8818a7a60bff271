/** Which address of ours goes into Via and Contact for a destination. */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bindFor, bindsAll, isBound, isWildcard } from '../base/bind-addresses.ts';
import type { Clock } from '../base/clock.ts';
import { type Addressing, chooseLocalAddress, type InterfaceAddress } from '../codec/ip-network.ts';

/** Interfaces come and go (DHCP); what was learnt is believed this long. */
const refreshMs = 10_000;
const maxCached = 10_000;
/** Questions to the routing table at once; a flood of strangers must not cost a socket each. */
const maxProbes = 32;

export class LocalAddresses {
  readonly #bind: readonly string[];
  readonly #clock: Clock;
  #addressing: Addressing;
  #interfaces: InterfaceAddress[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;
  readonly #chosen = new Map<string, string>();
  /** Source address the routing table uses, by destination. */
  readonly #routes = new Map<string, string>();
  #probes = 0;

  constructor(options: { bind: readonly string[]; clock: Clock; addressing: Addressing }) {
    this.#bind = options.bind;
    this.#clock = options.clock;
    this.#addressing = options.addressing;
  }

  get addressing(): Addressing {
    return this.#addressing;
  }

  /** New public address or local networks. */
  configure(addressing: Addressing): void {
    this.#addressing = addressing;
    this.#chosen.clear();
    this.#routes.clear();
  }

  /** Our address as `destination` can reach it. */
  forDestination(destination: string): string {
    this.#refresh();
    const known = this.#chosen.get(destination);
    if (known !== undefined) return known;
    const chosen = chooseLocalAddress(
      destination,
      this.#candidates(),
      this.#addressing,
      this.#routes.get(destination),
    );
    const bound = bindFor(this.#bind, destination);
    const loopback = isIPv6(destination) ? '::1' : '127.0.0.1';
    const address = chosen ?? (bound === undefined || isWildcard(bound) ? loopback : bound);
    if (this.#chosen.size > maxCached) this.#chosen.clear();
    this.#chosen.set(destination, address);
    return address;
  }

  /**
   * Asks the routing table which source address it would use, when nothing better is known; a UDP socket that is
   * connected but sends nothing tells. `done` is called at once where the answer is known already.
   */
  learnRoute(destination: string, done: () => void = () => {}): void {
    this.#refresh();
    const isKnown = this.#chosen.has(destination) || this.#routes.has(destination);
    if (!bindsAll(this.#bind, isIPv6(destination) ? 6 : 4) || isKnown || this.#probes >= maxProbes) {
      done();
      return;
    }
    const probe = createSocket(isIPv6(destination) ? 'udp6' : 'udp4');
    let over = false;
    this.#probes++;
    const finish = (): void => {
      if (over) return;
      over = true;
      this.#probes--;
      probe.close();
      done();
    };
    probe.on('error', finish);
    probe.connect(9, destination, () => {
      if (over) return;
      if (this.#routes.size > maxCached) this.#routes.clear();
      this.#routes.set(destination, probe.address().address);
      this.#chosen.delete(destination);
      finish();
    });
  }

  /** True for an address that is this machine. */
  isOwn(address: string): boolean {
    this.#refresh();
    if (address === this.#addressing.publicAddress) return true;
    return this.#candidates().some((each) => each.address === address);
  }

  /** What to call ourselves when no destination is known: the public address, else the first real interface. */
  main(): string {
    if (this.#addressing.publicAddress !== null) return this.#addressing.publicAddress;
    return this.local();
  }

  /** The address on the local network. */
  local(): string {
    const [first = '0.0.0.0'] = this.#bind;
    if (!isWildcard(first)) return first;
    this.#refresh();
    const real = this.#interfaces.find((each) => !each.internal && isIPv6(each.address) === isIPv6(first));
    return real?.address ?? (isIPv6(first) ? '::1' : '127.0.0.1');
  }

  #candidates(): InterfaceAddress[] {
    const there = this.#interfaces.filter((each) => isBound(this.#bind, each.address));
    const others = this.#bind.filter(
      (address) => !isWildcard(address) && !there.some((each) => each.address === address),
    );
    return [...there, ...others.map((address) => ({ address, cidr: null, internal: false }))];
  }

  #refresh(): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#readAtMs < refreshMs) return;
    this.#readAtMs = nowMs;
    this.#interfaces = Object.values(networkInterfaces()).flatMap((each) =>
      (each ?? []).map(({ address, cidr, internal }) => ({ address, cidr, internal })),
    );
    this.#chosen.clear();
    this.#routes.clear();
  }
}
