/** IP networks as pure functions: CIDR match, and which address of this machine a destination can reach. */
import { BlockList, isIP, isIPv4 } from 'node:net';

interface Network {
  bits: bigint;
  prefix: number;
  family: 4 | 6;
}

/** An address as a number: 32 bits for IPv4, 128 for IPv6; IPv4-mapped IPv6 counts as IPv4. null: no address. */
function addressBits(text: string): { bits: bigint; family: 4 | 6 } | null {
  const zone = text.indexOf('%');
  const address = plainAddress(zone < 0 ? text : text.slice(0, zone));
  const version = isIP(address);
  if (version === 0) return null;
  if (version === 4) {
    let bits = 0n;
    for (const part of address.split('.')) bits = (bits << 8n) | BigInt(part);
    return { bits, family: 4 };
  }
  const [left = '', right] = address.split('::');
  const groups = (half: string): bigint[] => {
    if (half === '') return [];
    return half.split(':').flatMap((group) => {
      if (!group.includes('.')) return [BigInt(`0x${group}`)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [BigInt(a * 256 + b), BigInt(c * 256 + d)];
    });
  };
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  const zeros = Array<bigint>(8 - head.length - tail.length).fill(0n);
  let bits = 0n;
  for (const group of [...head, ...zeros, ...tail]) bits = (bits << 16n) | group;
  return { bits, family: 6 };
}

/** An IPv4 address that came in IPv6 clothes (`::ffff:192.0.2.1`) as plain IPv4; any other text unchanged. */
export function plainAddress(address: string): string {
  if (address.length > 7 && address.slice(0, 7).toLowerCase() === '::ffff:') {
    const v4 = address.slice(7);
    if (isIPv4(v4)) return v4;
  }
  return address;
}

function parseNetwork(cidr: string): Network | null {
  const slash = cidr.indexOf('/');
  const address = addressBits(slash < 0 ? cidr : cidr.slice(0, slash));
  if (!address) return null;
  const width = address.family === 4 ? 32 : 128;
  const prefix = slash < 0 ? width : Number(cidr.slice(slash + 1));
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > width) return null;
  return { bits: address.bits, prefix, family: address.family };
}

/** True when `ip` lies in one of the blocks (`192.168.0.0/16`; a bare address is a block of one). Broken blocks match nothing. */
export function isIpInNetworks(ip: string, cidrs: readonly string[]): boolean {
  const address = addressBits(ip);
  if (!address) return false;
  const width = address.family === 4 ? 32 : 128;
  return cidrs.some((cidr) => {
    const network = parseNetwork(cidr);
    if (!network || network.family !== address.family) return false;
    const shift = BigInt(width - network.prefix);
    return address.bits >> shift === network.bits >> shift;
  });
}

/** One address of this machine, as `os.networkInterfaces()` tells it. */
export interface InterfaceAddress {
  address: string;
  /** `192.168.1.5/24`; null when unknown. */
  cidr: string | null;
  /** Loopback. */
  internal: boolean;
}

export interface Addressing {
  /** What networks outside see, when a router translates; null: no public side. */
  publicAddress: string | null;
  /** CIDR blocks reached without translation. */
  localNetworks: readonly string[];
}

/**
 * The address of ours that `destination` can reach: that of the interface on whose subnet it is, else the public one
 * for what lies outside the local networks, else `routeSource` (what the routing table would use, when the caller
 * knows it), else the first interface that is no loopback.
 * @returns null when this machine has no address of the destination's family
 */
export function chooseLocalAddress(
  destination: string,
  interfaces: readonly InterfaceAddress[],
  addressing: Addressing,
  routeSource?: string,
): string | null {
  const family = isIP(plainAddress(destination));
  const same = interfaces.filter((each) => isIP(each.address) === family);
  // What lies on a subnet of ours is reached without translation, whatever the settings call local.
  const onSubnet = longestMatch(destination, same);
  if (onSubnet) return onSubnet.address;
  const publicAddress = addressing.publicAddress;
  if (
    publicAddress !== null &&
    isIP(publicAddress) === family &&
    !isIpInNetworks(destination, addressing.localNetworks)
  )
    return publicAddress;
  if (routeSource !== undefined) return routeSource;
  return (same.find((each) => !each.internal && !isLinkLocal(each.address)) ?? same[0])?.address ?? null;
}

function longestMatch(
  destination: string,
  interfaces: readonly InterfaceAddress[],
): InterfaceAddress | undefined {
  let best: InterfaceAddress | undefined;
  let bestPrefix = -1;
  for (const each of interfaces) {
    const block = each.address === destination ? `${destination}/128` : each.cidr;
    if (block === null || (each.address !== destination && !isIpInNetworks(destination, [block]))) continue;
    const prefix = Number(block.slice(block.indexOf('/') + 1));
    if (prefix > bestPrefix) {
      best = each;
      bestPrefix = prefix;
    }
  }
  return best;
}

const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');

function isLinkLocal(address: string): boolean {
  return linkLocal.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
