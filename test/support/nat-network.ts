/**
 * A small internet of network namespaces (root):
 *
 *     test's own namespace                box                      router             home
 *       .2 ---- lan (10.N.0.0/24) ------- .1
 *       198.18.N.2 -- by way of .2 ------ .1
 *                                     203.0.113.10 -- wan -- 203.0.113.20 ==NAT== 192.168.66.1 -- 192.168.66.2
 *
 * Box has no way to 192.168.66.0/24 but the mappings of the masquerade.
 */
import { execFileSync } from 'node:child_process';

export class NatNetwork {
  readonly box: string;
  readonly router: string;
  readonly home: string;
  readonly lan: { box: string; own: string };
  /** Another address of the test's own, that the box reaches by a route: none of its local networks. */
  readonly outside: string;
  readonly wan = { box: '203.0.113.10', router: '203.0.113.20' };
  readonly homeAddress = '192.168.66.2';
  readonly #tag = String(process.pid % 100_000);
  readonly #link: string;

  constructor() {
    const number = 20 + (process.pid % 200);
    this.box = `cbbox${this.#tag}`;
    this.router = `cbrouter${this.#tag}`;
    this.home = `cbhome${this.#tag}`;
    this.#link = `cbl${this.#tag}`;
    this.lan = { box: `10.${number}.0.1`, own: `10.${number}.0.2` };
    this.outside = `198.18.${number}.2`;
  }

  /** Makes it. @throws Error when a command fails; `remove` then takes away what is there */
  make(): void {
    for (const name of [this.box, this.router, this.home]) {
      run('ip', 'netns', 'add', name);
      this.#in(name, 'ip', 'link', 'set', 'lo', 'up');
    }
    run('ip', 'link', 'add', this.#link, 'type', 'veth', 'peer', 'name', 'lan', 'netns', this.box);
    this.#join(this.box, 'wan', this.router, 'wan');
    this.#join(this.router, 'home', this.home, 'eth');

    run('ip', 'address', 'add', `${this.lan.own}/24`, 'dev', this.#link);
    run('ip', 'address', 'add', `${this.outside}/32`, 'dev', this.#link);
    run('ip', 'link', 'set', this.#link, 'up');
    this.#address(this.box, 'lan', this.lan.box);
    run('ip', '-n', this.box, 'route', 'add', this.outside, 'via', this.lan.own);
    this.#address(this.box, 'wan', this.wan.box);
    this.#address(this.router, 'wan', this.wan.router);
    this.#address(this.router, 'home', '192.168.66.1');
    this.#address(this.home, 'eth', this.homeAddress);
    this.#in(this.home, 'ip', 'route', 'add', 'default', 'via', '192.168.66.1');

    this.#in(this.router, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    const rules = `table ip nat {
      chain out { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
    }
    table ip filter {
      chain through { type filter hook forward priority filter; policy drop;
        iifname "home" accept; ct state established,related accept; }
    }`;
    execFileSync('ip', ['netns', 'exec', this.router, 'nft', '-f', '-'], { input: rules });
  }

  /** Takes it away, whatever of it is there. */
  remove(): void {
    for (const name of [this.box, this.router, this.home]) {
      try {
        run('ip', 'netns', 'delete', name); // and the links in it, with their other ends
      } catch {
        // it was never made
      }
    }
  }

  #join(a: string, linkA: string, b: string, linkB: string): void {
    run('ip', '-n', a, 'link', 'add', linkA, 'type', 'veth', 'peer', 'name', linkB, 'netns', b);
  }

  #address(namespace: string, link: string, address: string): void {
    run('ip', '-n', namespace, 'address', 'add', `${address}/24`, 'dev', link);
    run('ip', '-n', namespace, 'link', 'set', link, 'up');
  }

  #in(namespace: string, ...command: string[]): void {
    run('ip', 'netns', 'exec', namespace, ...command);
  }
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
