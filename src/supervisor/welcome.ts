import { networkInterfaces } from 'node:os';
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

function reachableAddresses(bind: string): string[] {
  if (bind !== '0.0.0.0' && bind !== '::') return [bind];
  const own = Object.values(networkInterfaces())
    .flat()
    .filter((a) => a !== undefined && !a.internal && a.family === 'IPv4')
    .map((a) => a?.address ?? '');
  return [...own, '127.0.0.1'];
}

function host(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
