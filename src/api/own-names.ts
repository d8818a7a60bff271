/** By what this box is reached on its networks. */
import { hostname, networkInterfaces } from 'node:os';

export interface OwnNames {
  /** Lower case. */
  dns: string[];
  ips: string[];
}

/** The name every box answers to where mDNS is there. */
const commonName = 'cordboard.local';

/** Addresses of all interfaces, IPv4 before IPv6, loopback and link-local last; link-local IPv6 left out (needs a zone). */
export function ownAddresses(): string[] {
  const rank = (ip: string): number =>
    (ip.startsWith('127.') || ip === '::1' ? 4 : ip.startsWith('169.254.') ? 2 : 0) +
    (ip.includes(':') ? 1 : 0);
  const all = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address)
    .filter((ip) => !/^fe[89ab]/i.test(ip));
  return [...new Set([...all, '127.0.0.1'])].sort((a, b) => rank(a) - rank(b));
}

/** @param extra a public address or name, where there is one */
export function ownNames(extra: readonly string[] = []): OwnNames {
  const host = hostname().toLowerCase();
  const short = host.split('.')[0] ?? '';
  const names = [commonName, 'localhost', host, short === '' ? '' : `${short}.local`];
  const isIp = (text: string): boolean => text.includes(':') || /^[\d.]+$/.test(text);
  return {
    dns: [...new Set([...names, ...extra.filter((e) => !isIp(e))])].filter((n) =>
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(n),
    ),
    ips: [...new Set([...ownAddresses(), ...extra.filter(isIp)])],
  };
}
