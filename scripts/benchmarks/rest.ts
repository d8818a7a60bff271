/** How long a start takes when everything is set up, and what the product needs while nothing happens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Baresip } from '../../test/support/baresip.ts';
import { eventually } from '../../test/support/eventually.ts';
import { Instance } from '../../test/support/instance.ts';
import { office, secrets } from '../../test/support/office.ts';
import type { Figure } from './figure.ts';
import { processMemoryBytes } from './process-cpu.ts';
import { registerUntilAnswered } from './register-probe.ts';

export async function measureRest(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  try {
    const first = await Instance.start({ settings: office(5060), dataDir });
    const { ports } = first;
    await first.stop();

    const startedAt = performance.now();
    const answered = registerUntilAnswered(ports.sip, '101', secrets['101']);
    const box = await Instance.start({ dataDir, ports });
    const startMs = (await answered) - startedAt;
    const phone = await Baresip.start({
      user: '102',
      server: box.sip,
      password: secrets['102'],
      toneHz: 500,
    });
    const settledAt = performance.now();
    await eventually('five quiet seconds', () => performance.now() - settledAt > 5000);
    const memory = [process.pid, ...Object.values(box.pids)]
      .slice(1)
      .reduce((sum, pid) => sum + processMemoryBytes(pid), 0);
    const { media } = await box.stats();
    const workers = media.workerPids.reduce((sum, pid) => sum + processMemoryBytes(pid), 0);
    await phone.stop();
    await box.stop();
    return [
      {
        what: 'second start to the first REGISTER answered',
        measured: startMs / 1000,
        unit: 's',
        budget: 3,
        ambition: 1,
        bound: 'most',
      },
      {
        what: 'memory at rest, all processes but the supervisor',
        measured: (memory + workers) / 1e6,
        unit: 'MB',
        budget: 350,
        ambition: 200,
        bound: 'most',
      },
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
