/**
 * A phone's network behind a masquerading router, in network namespaces:
 *
 *     host (server) 10.98.2.1 --- 10.98.2.2 (router, nftables masquerade) 10.98.1.1 --- 10.98.1.2 (phone)
 *
 * The router gives every flow a port of its own choice, as bad home routers do. Needs root.
 */
import { execFileSync } from 'node:child_process';

const phone = 'cordboard-phone';
const router = 'cordboard-router';

export const natAddresses = { server: '10.98.2.1', router: '10.98.2.2', phone: '10.98.1.2' } as const;
/** Runs a command in the phone's network. */
export const inPhoneNetwork = ['ip', 'netns', 'exec', phone] as const;

const masquerade = `table ip nat {
  chain post {
    type nat hook postrouting priority 100
    oifname "outside" masquerade random
  }
}
`;

function ip(command: string): void {
  execFileSync('ip', command.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Makes both networks. @returns what takes them away again */
export function openNat(): () => void {
  closeNat();
  for (const name of [phone, router]) ip(`netns add ${name}`);
  ip(`link add cordboard-nat type veth peer name outside netns ${router}`);
  ip(`addr add ${natAddresses.server}/24 dev cordboard-nat`);
  ip('link set cordboard-nat up');
  ip(`-n ${router} addr add ${natAddresses.router}/24 dev outside`);
  ip(`-n ${router} link add inside type veth peer name wire netns ${phone}`);
  ip(`-n ${router} addr add 10.98.1.1/24 dev inside`);
  ip(`-n ${phone} addr add ${natAddresses.phone}/24 dev wire`);
  for (const [name, device] of [
    [router, 'outside'],
    [router, 'inside'],
    [phone, 'wire'],
    [phone, 'lo'],
  ])
    ip(`-n ${name} link set ${device} up`);
  ip(`-n ${phone} route add default via 10.98.1.1`);
  execFileSync('ip', ['netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  execFileSync('ip', ['netns', 'exec', router, 'nft', '-f', '-'], { input: masquerade });
  return closeNat;
}

function closeNat(): void {
  for (const name of [phone, router]) {
    try {
      ip(`netns del ${name}`); // its ends of the cables go with it
    } catch {
      // it was not there
    }
  }
}
