/**
 * A box and a home with a bad line between them (root): each has a tunnel whose packets, all of IP, come to the test,
 * which loses, delays, repeats and reorders them as it is told.
 *
 *     test's own namespace          box                                home
 *       .2 ---- lan (10.N.0.0/24) -- .1
 *                                172.31.0.1 -- line of this test -- 172.31.0.2
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { eventually } from './eventually.ts';
import { Impairment, type ImpairmentOptions } from './impairment.ts';

const tunnelPort = 4789;

interface End {
  namespace: string;
  /** Address of the tunnel within. */
  inner: string;
  /** Veth that carries the tunnel: the namespace's end and the test's. */
  outer: { there: string; here: string; link: string };
  socket: Socket;
}

export class WanNetwork {
  readonly box: string;
  readonly home: string;
  readonly lan: { box: string; own: string };
  readonly wan = { box: '172.31.0.1', home: '172.31.0.2' };
  readonly toHome: Impairment;
  readonly toBox: Impairment;
  readonly #ends: End[] = [];
  readonly #tunnels: ChildProcess[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(seed: number) {
    const tag = String(process.pid % 100_000);
    const number = 20 + (process.pid % 200);
    this.box = `cwbox${tag}`;
    this.home = `cwhome${tag}`;
    this.lan = { box: `10.${number}.1.1`, own: `10.${number}.1.2` };
    this.toHome = new Impairment(seed);
    this.toBox = new Impairment(seed + 1);
    this.#ends.push(
      this.#end(this.box, this.wan.box, this.lan.box, this.lan.own, `cwb${tag}`),
      this.#end(this.home, this.wan.home, `10.${number}.2.1`, `10.${number}.2.2`, `cwh${tag}`),
    );
  }

  /** Makes it. @throws Error when a command fails; `remove` then takes away what is there */
  async make(): Promise<void> {
    const [box, home] = this.#ends as [End, End];
    for (const end of [box, home]) await this.#join(end);
    this.#carry(box, home, this.toHome);
    this.#carry(home, box, this.toBox);
  }

  /** Both directions alike. */
  impair(options: ImpairmentOptions): void {
    this.toHome.set(options);
    this.toBox.set(options);
  }

  /** Cuts the line or joins it again. */
  set isOut(isOut: boolean) {
    this.toHome.isOut = isOut;
    this.toBox.isOut = isOut;
  }

  /** Takes it away, whatever of it is there. */
  async remove(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const tunnel of this.#tunnels) {
      if (tunnel.exitCode !== null || tunnel.signalCode !== null) continue;
      const ended = once(tunnel, 'exit');
      tunnel.kill('SIGKILL');
      await ended;
    }
    for (const { namespace, socket } of this.#ends) {
      socket.close();
      try {
        execFileSync('ip', ['netns', 'delete', namespace], { stdio: 'ignore' }); // and the links in it
      } catch {
        // it was never made
      }
    }
  }

  #end(namespace: string, inner: string, there: string, here: string, link: string): End {
    return { namespace, inner, outer: { there, here, link }, socket: createSocket('udp4') };
  }

  async #join({ namespace, inner, outer, socket }: End): Promise<void> {
    const run = (...args: string[]): Buffer =>
      execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    run('netns', 'add', namespace);
    run('-n', namespace, 'link', 'set', 'lo', 'up');
    run('link', 'add', outer.link, 'type', 'veth', 'peer', 'name', 'own', 'netns', namespace);
    run('address', 'add', `${outer.here}/24`, 'dev', outer.link);
    run('link', 'set', outer.link, 'up');
    run('-n', namespace, 'address', 'add', `${outer.there}/24`, 'dev', 'own');
    run('-n', namespace, 'link', 'set', 'own', 'up');
    socket.bind(tunnelPort, outer.here);
    await once(socket, 'listening');
    const place = `UDP4-DATAGRAM:${outer.here}:${tunnelPort},bind=${outer.there}:${tunnelPort}`;
    const tunnel = `TUN:${inner}/24,tun-name=line,iff-no-pi,iff-up`;
    this.#tunnels.push(
      spawn('ip', ['netns', 'exec', namespace, 'socat', tunnel, place], { stdio: 'ignore' }),
    );
    await eventually('the tunnel', () => {
      try {
        // Room for the tunnel's own headers.
        run('-n', namespace, 'link', 'set', 'line', 'mtu', '1400');
        return true;
      } catch {
        return false;
      }
    });
  }

  #carry(from: End, to: End, impairment: Impairment): void {
    from.socket.on('message', (packet: Buffer, source: RemoteInfo) => {
      if (source.address !== from.outer.there) return;
      const nowMs = performance.now();
      for (const atMs of impairment.fate(nowMs)) {
        const send = (): void => to.socket.send(packet, tunnelPort, to.outer.there);
        if (atMs <= nowMs) {
          send();
          continue;
        }
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          send();
        }, atMs - nowMs);
        this.#timers.add(timer);
      }
    });
  }
}
