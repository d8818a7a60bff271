/**
 * Loaded into each Node process of the soaked instance (NODE_OPTIONS=--import): on SIGUSR2 it collects garbage and
 * writes what is left, and which timers and handles are open, into CORDBOARD_SOAK_DIR/PID.json.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const dir = process.env.CORDBOARD_SOAK_DIR;
if (isMainThread && dir !== undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => {
    collect();
    const resources: Record<string, number> = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    const file = join(dir, `${process.pid}.json`);
    writeFileSync(`${file}.new`, JSON.stringify({ heapUsed, external, arrayBuffers, resources }));
    renameSync(`${file}.new`, file);
  });
}
