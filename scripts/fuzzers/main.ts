import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FuzzReport, fuzz, maxInputMs } from './run.ts';
import { targets as allTargets } from './targets.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true },
  },
});
const targets = allTargets.filter(({ name }) => values.target === undefined || values.target.includes(name));
const inputs = Math.ceil(Number(values.inputs) / targets.length);
const seed = Number(values.seed);
if (!Number.isInteger(inputs) || !Number.isInteger(seed) || targets.length === 0)
  throw new RangeError('--inputs and --seed are whole numbers; --target is one of the known');

const reports: FuzzReport[] = [];
for (const target of targets) {
  process.stderr.write(`fuzzing: ${target.name} …\n`);
  reports.push(fuzz(target, { inputs, seed }));
}

const cells = (r: FuzzReport): string[] => [
  r.target,
  String(r.inputs),
  (r.inputs / r.seconds).toFixed(0),
  r.slowestMs.toFixed(2),
  String(r.ways),
  (r.growthBytes / 1024).toFixed(0),
  String(r.findings.length),
];
const rows = [
  ['target', 'inputs', 'per second', 'slowest ms', 'ways', 'growth KiB', 'findings'],
  ...reports.map(cells),
];
for (const row of rows)
  console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(12))).join(''));
const total = reports.reduce((sum, r) => sum + r.inputs, 0);
const findings = reports.flatMap((r) => r.findings);
console.log(`\n${total} inputs, seed ${seed}, ${findings.length} findings; none may take ${maxInputMs} ms`);

const folder = join(import.meta.dirname, '../../.cache/fuzz');
for (const [i, { target, problem, input }] of findings.entries()) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target}-${i}.bin`);
  writeFileSync(file, input);
  console.log(`\n${target}: ${problem}\n  ${file} (${input.length} bytes)`);
}
process.exitCode = findings.length === 0 ? 0 : 1;
