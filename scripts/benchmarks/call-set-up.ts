/** Calls set up each second through the whole product: INVITE from a trunk, menu answers, ACK, BYE. */
import { Instance } from '../../test/support/instance.ts';
import { carrierAddress, office } from '../../test/support/office.ts';
import { shortCall } from '../../test/support/scenarios.ts';
import { sipp } from '../../test/support/sipp.ts';
import type { Figure } from './figure.ts';
import { processCpuMs } from './process-cpu.ts';

/** Tries each rate for `seconds`; reports the last one that went clean. */
export async function measureCallSetUp(rates: number[], seconds: number): Promise<Figure[]> {
  const box = await Instance.start({ settings: office(5060), env: { CORDBOARD_LOG: 'warn' } });
  try {
    let clean = 0;
    let cpuMsPerCall = 0;
    const tried: string[] = [];
    for (const rate of rates) {
      const pids = Object.values(box.pids);
      const cpuBefore = pids.reduce((sum, pid) => sum + processCpuMs(pid), 0);
      const run = await sipp({
        scenario: shortCall(300),
        remote: box.sip,
        service: '3612345678',
        calls: rate * seconds,
        ratePerS: rate,
        localAddress: carrierAddress,
        timeoutS: seconds + 20,
      });
      const { failed, successful, retransmissions } = run.statistics;
      tried.push(`${rate}/s: ${successful} done, ${failed} failed, ${retransmissions} retransmitted`);
      if (run.status !== 0 || failed > 0 || retransmissions > 0) break;
      clean = rate;
      const cpuMs = pids.reduce((sum, pid) => sum + processCpuMs(pid), 0) - cpuBefore;
      cpuMsPerCall = cpuMs / (rate * seconds);
    }
    return [
      {
        what: 'calls set up a second, none failed, none retransmitted',
        measured: clean,
        unit: 'calls/s',
        budget: 100,
        ambition: 600,
        bound: 'least',
        note: tried.join('; '),
      },
      {
        what: 'CPU a call set up, all processes, menu and media included',
        measured: cpuMsPerCall,
        unit: 'ms',
        budget: 10,
        ambition: 2,
        bound: 'most',
      },
    ];
  } finally {
    await box.stop();
  }
}
