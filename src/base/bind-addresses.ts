/** Where listeners bind: wildcards and addresses of this machine, of both families in any mixture. */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const wildcardOf = { 4: '0.0.0.0', 6: '::' } as const;

/**
 * `0.0.0.0` is all of IPv4; `::`, as well as nothing, is all of both families, IPv6 where the machine has it; several
 * addresses stand with commas between.
 * @throws RangeError naming the text that is no address
 */
export function parseBind(text: string, hasIPv6: boolean): readonly string[] {
  const everywhere = hasIPv6 ? [wildcardOf[4], wildcardOf[6]] : [wildcardOf[4]];
  if (text.trim() === '' || text.trim() === '::') return everywhere;
  const addresses = text.split(',').map((part) => part.trim());
  const wrong = addresses.find((address) => isIP(address) === 0);
  if (wrong !== undefined)
    throw new RangeError(
      `CORDBOARD_BIND must be an IP address, or several with commas between, not ${wrong || text}`,
    );
  return [...new Set(addresses)];
}

/** Whether any interface, loopback included, has an IPv6 address. */
export function machineHasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ family }) => family === 'IPv6'));
}

export function isWildcard(address: string): boolean {
  return address === wildcardOf[4] || address === wildcardOf[6];
}

/** True when everything of this family is bound. */
export function bindsAll(bind: readonly string[], family: 4 | 6): boolean {
  return bind.includes(wildcardOf[family]);
}

/** True for an address of this machine that is bound, by itself or with all others. */
export function isBound(bind: readonly string[], address: string): boolean {
  const family = isIP(address);
  return family !== 0 && (bind.includes(address) || bindsAll(bind, family === 6 ? 6 : 4));
}

/** Families that are bound, IPv4 first: it is the one that is sure to go somewhere. */
export function familiesOf(bind: readonly string[]): readonly (4 | 6)[] {
  return ([4, 6] as const).filter((family) => bind.some((address) => isIP(address) === family));
}

/** The bound address to reach `destination` from, a wildcard where all are; undefined: none of its family is bound. */
export function bindFor(bind: readonly string[], destination: string): string | undefined {
  const family = isIP(destination) === 6 ? 6 : 4;
  if (bindsAll(bind, family)) return wildcardOf[family];
  return bind.find((address) => isIP(address) === family);
}
