import { networkInterfaces } from 'node:os';
import { familiesOf, isBound, isWildcard } from '../base/bind-addresses.ts';
import type { InstanceConfig } from '../config.ts';

/** What the appliance tells the supervisor when it is ready. */
export interface StartNotice {
  officeName: string;
  /** One-time code of an unclaimed unit; null once somebody is admin. */
  claimCode: string | null;
  sipPort: number;
  sipsPort: number;
  httpPort: number;
  /** Empty office: the browser offers the sample one. */
  empty: boolean;
}

/** The words at the terminal when everything runs. */
export function welcome(config: InstanceConfig, notice: StartNotice): string {
  const addresses = reachableAddresses(config.bind);
  const server = host(addresses[0] ?? '127.0.0.1');
  const lines = [
    '',
    `Cordboard is running: ${notice.officeName}`,
    '',
    ...addresses.map(
      (a, i) => `  ${i === 0 ? 'In the browser' : '              '}  https://${host(a)}:${notice.httpPort}/`,
    ),
    `  SIP phones      ${server}:${notice.sipPort} (UDP or TCP), ${server}:${notice.sipsPort} (TLS)`,
  ];
  if (notice.claimCode !== null) {
    lines.push(
      `  Claim code      ${notice.claimCode}`,
      '',
      'What to do next: open the address in a browser. It warns once, because the certificate comes from this',
      "box's own authority; go on, enter the claim code, choose the admin's password, and start with a sample",
      'office. System -> Certificate has the authority to install, so that the warning goes.',
    );
  } else if (notice.empty) {
    lines.push(
      '',
      'The office is empty: sign in as admin and add an extension, or start with the sample office.',
    );
  }
  lines.push('', `  Log             ${config.dataDir}/log/cordboard.log`, '  Stop            Ctrl-C', '', '');
  return lines.join('\n');
}

/** Bound addresses that others can use, IPv4 first; loopback last. */
function reachableAddresses(bind: readonly string[]): string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, address }) => !internal && isBound(bind, address) && !/^fe[89ab]/i.test(address))
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address);
  const named = bind.filter((address) => !isWildcard(address));
  const loopback = familiesOf(bind).includes(4) ? '127.0.0.1' : '::1';
  return [...new Set([...named, ...own, ...(named.length === bind.length ? [] : [loopback])])];
}

function host(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
