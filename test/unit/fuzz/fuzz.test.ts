import { describe, expect, it } from 'vitest';
import { mutate } from '../../../scripts/fuzzers/mutate.ts';
import { Random } from '../../../scripts/fuzzers/random.ts';
import { fuzz, maxInputMs } from '../../../scripts/fuzzers/run.ts';
import { targets } from '../../../scripts/fuzzers/targets.ts';
import { findingsOf } from '../../../scripts/fuzzers/vectors.ts';

describe('the readers of outside bytes', () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    '%s: 5,000 broken inputs bring nothing but its declared results, and none is slow',
    (_, target) => {
      const report = fuzz(target, { inputs: 5_000, seed: 20_260 });
      expect(
        report.findings.map(({ problem, input }) => `${problem}: ${input.toString('latin1').slice(0, 300)}`),
      ).toEqual([]);
      expect(report.slowestMs).toBeLessThan(maxInputMs);
      expect(report.ways).toBeGreaterThan(1);
    },
    30_000,
  );

  it('what broke one of them once breaks it no more, and is quick', () => {
    for (const target of targets) {
      const inputs = findingsOf(target.name).length + target.seeds.length;
      expect(fuzz(target, { inputs, seed: 1 }).findings.map(({ problem }) => problem)).toEqual([]);
    }
    expect(targets.flatMap((target) => findingsOf(target.name)).length).toBeGreaterThan(7);
  });
});

describe('the fuzzer', () => {
  it('gives the same inputs for the same seed, others for another', () => {
    const corpus = [Buffer.from('INVITE sip:1@h SIP/2.0\r\nTo: x\r\n\r\n')];
    const inputs = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => mutate(random, corpus, corpus, true).toString('hex'));
    };
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(1)).not.toEqual(inputs(2));
  });

  it('finds a reader that throws, and one that is slow', () => {
    let slow: Buffer | undefined;
    const target = {
      name: 'broken',
      isText: true,
      seeds: [Buffer.from('abcdefgh')],
      words: [Buffer.from('x')],
      run(input: Buffer) {
        if (input.includes('x')) throw new TypeError('x');
        // Processor time, as it is judged by: on a busy machine less of it passes than on the wall.
        const began = process.threadCpuUsage();
        if (input.length < 4) slow ??= input; // one is enough
        while (input === slow && process.threadCpuUsage(began).user < (maxInputMs + 20) * 1000)
          JSON.stringify(input);
        return 'read';
      },
    };
    const problems = fuzz(target, { inputs: 40, seed: 1 }).findings.map(({ problem }) => problem);
    expect(problems).toContain('TypeError: x');
    expect(problems).toContain(`slower than ${maxInputMs} ms`);
  });
});
