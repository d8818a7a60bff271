import { isIP, isIPv4 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { types } from 'mediasoup';
import { familiesOf, isBound, isWildcard } from '../../base/bind-addresses.ts';

/** More would only slow the browser's checks down. */
const maxAddresses = 16;

/**
 * Addresses by which a browser may reach this machine, best first: those asked for, then the bound one or, where
 * all are bound, those of the machine's interfaces. `localhost` counts as 127.0.0.1; other names are left out,
 * because not every browser resolves them. Loopback is told only when it was asked for, or there is nothing else.
 */
export function announcedAddresses(
  requested: readonly string[],
  bind: readonly string[],
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string[] {
  const wanted = requested.map((address) => (address === 'localhost' ? '127.0.0.1' : address));
  const families = familiesOf(bind);
  const own = [
    ...bind.filter((address) => !isWildcard(address)),
    ...interfaceAddresses(interfaces).filter((address) => isBound(bind, address)),
  ];
  const usable = [...wanted, ...own].filter(
    (address) => isIP(address) !== 0 && !isWildcard(address) && families.includes(isIPv4(address) ? 4 : 6),
  );
  const unique = [...new Set(usable)].slice(0, maxAddresses);
  return unique.length > 0 ? unique : [families.includes(4) ? '127.0.0.1' : '::1'];
}

/**
 * One candidate for each address and protocol of its family. A candidate is only data for the browser: the server
 * answers on whatever address a packet came to, so one listening socket can be told under many addresses.
 */
export function candidatesFor(
  templates: readonly types.IceCandidate[],
  addresses: readonly string[],
): types.IceCandidate[] {
  return templates.flatMap((template) =>
    addresses
      .filter((address) => isIP(address) === isIP(template.address))
      .map((address, index) => ({
        ...template,
        foundation: `${template.foundation}${index}`,
        ip: address,
        address,
        // RFC 8445 section 5.1.2.1: the local preference stands 8 bits up; UDP stays above TCP.
        priority: template.priority - index * 256,
      })),
  );
}

function interfaceAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string[] {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
}
