/** Browser legs and their mediasoup worker: what happens when either goes, with real workers and no browser. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { connectTimeoutMs, MediasoupWebLegs } from '../../src/media-engine/web/mediasoup-web-legs.ts';
import { eventually } from '../support/eventually.ts';
import { UdpEdge } from '../support/udp-edge.ts';
import { requireWorkerBin } from '../support/worker-bin.ts';

const webrtcPort = 22_010;
let clock: VirtualClock;
let edge: UdpEdge;
let legs: MediasoupWebLegs;
let closed: [string, string][];
let died: { restarted: boolean }[];

beforeEach(() => {
  requireWorkerBin();
  clock = new VirtualClock();
  edge = new UdpEdge(600);
  legs = new MediasoupWebLegs({ edge, bind: ['127.0.0.1'], webrtcPort, log: silentLogger, clock });
  closed = [];
  died = [];
  legs.events.on('closed', (legId, reason) => closed.push([legId, reason]));
  legs.events.on('workerDied', (outcome) => died.push(outcome));
});
afterEach(async () => {
  await legs.stop();
  expect(legs.stats()).toEqual({ webTransports: 0, workerPids: [] });
  expect(edge.legs.size).toBe(0);
  expect(clock.armed).toBe(0);
});

const open = (legId: string) => legs.open({ legId, announcedAddresses: [] });

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('browser legs and their worker', () => {
  it('stop ends the worker process and every leg', async () => {
    await legs.start();
    await open('a');
    await open('b');
    const [pid] = legs.stats().workerPids;
    expect(legs.stats()).toEqual({ webTransports: 4, workerPids: [pid] });
    expect(legs.ready).toBe(true);
    await legs.stop();
    expect(legs.ready).toBe(false);
    expect(alive(pid ?? 0)).toBe(false);
  });

  it('a worker that is killed ends every leg with the reason, and another one serves within a second', async () => {
    await legs.start();
    await open('a');
    await open('b');
    const [pid = 0] = legs.stats().workerPids;
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await eventually('the worker is replaced', () => died.length > 0);
    expect(performance.now() - killedAt).toBeLessThan(1000);
    expect(died).toEqual([{ restarted: true }]);
    expect(closed).toEqual([
      ['a', 'the mediasoup worker died'],
      ['b', 'the mediasoup worker died'],
    ]);
    expect(legs.stats().webTransports).toBe(0);
    expect(legs.stats().workerPids).not.toEqual([pid]);
    await open('c');
    expect(legs.stats().webTransports).toBe(2);
  });

  it('while no worker can be started, opening is refused; it is tried again until one comes up', async () => {
    await legs.start();
    await open('a');
    const blocker = createServer();
    // Told before a new worker is tried: the port is taken from under it.
    legs.events.on('closed', () => blocker.listen(webrtcPort, '127.0.0.1'));
    process.kill(legs.stats().workerPids[0] ?? 0, 'SIGKILL');
    await eventually('the death is told', () => died.length > 0);
    expect(died).toEqual([{ restarted: false }]);
    await expect(open('b')).rejects.toMatchObject({ code: 'media.worker-died' });

    await new Promise((resolve) => blocker.close(resolve));
    clock.advance(1000);
    await eventually('a worker runs', () => legs.ready);
    await open('b');
    expect(died).toHaveLength(1);
  });

  it('a port in use, UDP or TCP, is named at start', async () => {
    const udp = createSocket('udp4').bind(webrtcPort, '127.0.0.1');
    await once(udp, 'listening');
    await expect(legs.start()).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(String(webrtcPort)),
    });
    udp.close();
    const tcp = createServer().listen(webrtcPort, '127.0.0.1');
    await once(tcp, 'listening');
    await expect(legs.start()).rejects.toMatchObject({ code: 'port-in-use' });
    await new Promise((resolve) => tcp.close(resolve));
    await legs.start();
  });

  it('a start that failed is tried again until it succeeds, and not after stop', async () => {
    const blocker = createServer().listen(webrtcPort, '127.0.0.1');
    await once(blocker, 'listening');
    await expect(legs.start()).rejects.toMatchObject({ code: 'port-in-use' });
    expect(clock.armed).toBe(1);
    await legs.stop();
    expect(clock.armed).toBe(0);

    await expect(legs.start()).rejects.toMatchObject({ code: 'port-in-use' });
    await new Promise((resolve) => blocker.close(resolve));
    clock.advance(1000);
    await eventually('a worker runs', () => legs.ready);
    expect(died).toEqual([]);
  });

  it('a leg whose browser does not connect within 30 seconds is told as closed', async () => {
    await legs.start();
    await open('a');
    clock.advance(connectTimeoutMs - 1);
    expect(closed).toEqual([]);
    clock.advance(1);
    expect(closed).toEqual([['a', 'the browser did not connect']]);
    expect(legs.stats().webTransports).toBe(0);
  });

  it('a leg closed while it opens leaves nothing', async () => {
    await legs.start();
    const opening = open('a');
    await legs.close('a');
    await expect(opening).rejects.toMatchObject({ code: 'media.bad-state' });
    expect(edge.legs.size).toBe(0);
    expect(legs.stats().webTransports).toBe(0);
    await open('a');
  });

  it('wrong requests are refused and harm no leg', async () => {
    await legs.start();
    await open('a');
    await expect(open('a')).rejects.toMatchObject({ code: 'media.bad-state' });
    const unknown = { legId: 'x', rtpParameters: {} };
    await expect(legs.produce(unknown)).rejects.toMatchObject({ code: 'media.unknown-leg' });
    for (const nonsense of [null, {}, { codecs: 7 }, { fingerprints: 'none' }]) {
      await expect(
        legs.connect({ legId: 'a', direction: 'send', dtlsParameters: nonsense }),
      ).rejects.toMatchObject({ code: 'request.invalid' });
      await expect(legs.consume({ legId: 'a', rtpCapabilities: nonsense })).rejects.toMatchObject({
        code: 'request.invalid',
      });
    }
    await expect(legs.produce({ legId: 'a', rtpParameters: {} })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await legs.close('x');
    expect(legs.stats().webTransports).toBe(2);
    expect(closed).toEqual([]);
  });
});
