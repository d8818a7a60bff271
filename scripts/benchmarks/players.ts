/** Many callers who listen: what music costs while they wait, and how evenly prompts come. */
import type { Socket } from 'node:dgram';
import { eventually } from '../../test/support/eventually.ts';
import { type Figure, percentile } from './figure.ts';
import { openLeg, packetMs, withMediaEngine } from './media-bench.ts';
import { processCpuMs } from './process-cpu.ts';

const settleMs = 2000;

export function measurePlayers(players: number, seconds: number): Promise<Figure[]> {
  return withMediaEngine(async (bench) => {
    const { media, pid } = bench;
    const errorsMs: number[] = [];
    const sockets: Socket[] = [];
    let isMeasuring = false;
    for (let i = 0; i < players; i++) {
      const { socket } = await openLeg(bench, `p${i}`);
      sockets.push(socket);
      let lastAtMs = 0;
      socket.on('message', () => {
        const now = performance.now();
        if (isMeasuring && lastAtMs > 0) errorsMs.push(Math.abs(now - lastAtMs - packetMs));
        lastAtMs = now;
      });
      const start = (): Promise<unknown> => media.call('music.start', { legId: `p${i}`, playId: `m${i}` });
      // The engine composes it at its start, which takes a while on a new data directory.
      if (i === 0)
        await eventually(
          'the music is there',
          () =>
            start().then(
              () => true,
              () => false,
            ),
          60_000,
        );
      else await start();
    }
    await pause(settleMs);
    const before = processCpuMs(pid);
    await pause(seconds * 1000);
    const musicCpu = processCpuMs(pid) - before;
    const sources = [{ kind: 'tone' as const, frequenciesHz: [440], durationMs: 10_000, levelDbm0: -15 }];
    for (let i = 0; i < players; i++)
      await media.call('play.start', { legId: `p${i}`, playId: `t${i}`, sources, loop: true });
    await pause(settleMs);
    isMeasuring = true;
    await pause(seconds * 1000);
    isMeasuring = false;
    for (let i = 0; i < players; i++) await media.call('leg.close', { legId: `p${i}` });
    for (const socket of sockets) socket.close();
    return [
      {
        what: `caller waiting on music, ${players} of them: CPU each`,
        measured: (100 * musicCpu) / (seconds * 1000) / players,
        unit: '% of a core',
        budget: 0.25,
        ambition: 0.1,
        bound: 'most',
      },
      {
        what: `prompt pacing with ${players} players: interval error, p99`,
        measured: percentile(errorsMs, 0.99),
        unit: 'ms',
        budget: 2,
        ambition: 1,
        bound: 'most',
        note: `p50 ${percentile(errorsMs, 0.5).toFixed(3)} ms of ${errorsMs.length}, as one busy process hears them`,
      },
    ];
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
