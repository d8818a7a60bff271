/**
 * The admin protocol of drachtio-server, rule by rule. Runs against our engine, or against any server given by
 * CORDBOARD_CONFORMANCE_HOST, _ADMIN_PORT, _SECRET and _SIP_PORT. The report is .cache/conformance.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench, type ConformanceCase, openTarget, type Target } from '../support/conformance.ts';
import { incomingCases } from './drachtio-conformance-incoming.ts';
import { outgoingCases } from './drachtio-conformance-outgoing.ts';
import { proxyCases } from './drachtio-conformance-proxy.ts';
import { recordCases } from './drachtio-conformance-records.ts';
import { sessionCases } from './drachtio-conformance-session.ts';
import { srfCases } from './drachtio-conformance-srf.ts';

const cases: ConformanceCase[] = [
  ...sessionCases,
  ...incomingCases,
  ...outgoingCases,
  ...proxyCases,
  ...recordCases,
  ...srfCases,
];

interface Result {
  section: number;
  case: string;
  /** departs: ours does otherwise on purpose, and does so; not-run: such a case, against a foreign server. */
  outcome: 'passed' | 'failed' | 'departs' | 'not-run';
  reason?: string;
}

const isForeign = (process.env.CORDBOARD_CONFORMANCE_HOST ?? '') !== '';
const results: Result[] = [];
let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(async () => {
  const directory = new URL('../../.cache/', import.meta.url);
  mkdirSync(directory, { recursive: true });
  const count = (outcome: Result['outcome']): number =>
    results.filter((each) => each.outcome === outcome).length;
  const report = {
    server: isForeign ? `${target.host}:${target.adminPort}` : 'sip-engine',
    at: new Date().toISOString(),
    passed: count('passed'),
    failed: count('failed'),
    departs: count('departs'),
    notRun: count('not-run'),
    cases: results,
  };
  writeFileSync(new URL('conformance.json', directory), `${JSON.stringify(report, null, 2)}\n`);
  const lines = results.map((each) => `  ${each.outcome.padEnd(8)} §${each.section} ${each.case}`);
  process.stdout.write(
    `drachtio conformance of ${report.server}: ${report.passed} passed, ${report.failed} failed, ` +
      `${report.departs} depart on purpose, ${report.notRun} not run\n${lines.join('\n')}\n`,
  );
  await target.ours?.finish();
});

describe('the case table', () => {
  it('names every rule once', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});

for (const section of [...new Set(cases.map((each) => each.section))].sort()) {
  describe(`section ${section} of the drachtio protocol`, () => {
    for (const each of cases.filter((candidate) => candidate.section === section)) {
      const { name, departs, run } = each;
      const result: Result = { section, case: name, outcome: 'failed' };
      if (departs !== undefined) result.reason = departs;
      it.skipIf(isForeign && departs !== undefined)(name, async () => {
        results.push(result);
        const bench = new Bench(target);
        try {
          await run(bench);
          result.outcome = departs === undefined ? 'passed' : 'departs';
        } finally {
          bench.close();
        }
      });
      if (isForeign && departs !== undefined) results.push({ ...result, outcome: 'not-run' });
    }
  });
}
