/** Feeds one target and watches time and memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { findingsOf } from './vectors.ts';

/** No input may take longer, milliseconds. */
export const maxInputMs = 50;
/** Nor may what is in use after all inputs exceed what was in use early on by more than this, bytes. */
export const maxGrowthBytes = 16 << 20;
/** Inputs that went a new way are kept up to this many. */
const maxKept = 1000;
/** … and only small ones, bytes: what is kept is no growth of the reader. */
const maxKeptBytes = 2000;

export interface Finding {
  target: string;
  problem: string;
  input: Buffer;
}

export interface FuzzReport {
  target: string;
  inputs: number;
  seconds: number;
  /** The slowest input, measured again so that a pause of the machine does not count, milliseconds. */
  slowestMs: number;
  /** Different ways through the reader that were seen. */
  ways: number;
  /** Heap in use at the end beyond that after a tenth of the inputs, bytes. */
  growthBytes: number;
  findings: Finding[];
}

export function fuzz(target: FuzzTarget, options: { inputs: number; seed: number }): FuzzReport {
  const { inputs, seed } = options;
  const random = new Random(seed);
  const findings: Finding[] = [];
  const broken = new Set<string>();
  const ways = new Set<string>();
  const corpus = [...target.seeds, ...findingsOf(target.name)];
  const seedCount = corpus.length;
  let slowestMs = 0;
  const found = (problem: string, input: Buffer): void => {
    if (broken.has(problem)) return;
    broken.add(problem);
    findings.push({ target: target.name, problem, input: Buffer.from(input) });
  };
  const feed = (input: Buffer): string => {
    const began = performance.now();
    let way = 'thrown';
    try {
      way = target.run(input);
    } catch (error) {
      found(error instanceof Error ? `${error.name}: ${error.message}` : String(error), input);
    }
    const ms = performance.now() - began;
    if (ms > slowestMs && ms > 1) {
      const sureMs = Math.min(ms, again(target, input), again(target, input));
      slowestMs = Math.max(slowestMs, sureMs);
      if (sureMs > maxInputMs) found(`slower than ${maxInputMs} ms`, input);
    } else slowestMs = Math.max(slowestMs, ms);
    return way;
  };
  const began = performance.now();
  for (const input of [...corpus]) ways.add(feed(input));
  let early = heapInUse();
  const tenth = Math.floor(inputs / 10);
  for (let i = seedCount; i < inputs; i++) {
    if (i === tenth) early = heapInUse();
    const input = mutate(random, corpus, target.words, target.isText);
    const way = feed(input);
    if (ways.has(way) || ways.size >= maxKept) continue;
    ways.add(way);
    if (input.length < maxKeptBytes) corpus.push(ownCopy(input));
  }
  const seconds = (performance.now() - began) / 1000;
  const growthBytes = heapInUse() - early;
  if (growthBytes > maxGrowthBytes) found(`memory grows: ${growthBytes} bytes`, Buffer.alloc(0));
  return { target: target.name, inputs, seconds, slowestMs, ways: ways.size, growthBytes, findings };
}

/** A copy with memory of its own: a small one of `Buffer.from` keeps a whole page of the pool. */
function ownCopy(input: Buffer): Buffer {
  const copy = Buffer.alloc(input.length);
  input.copy(copy);
  return copy;
}

/** Processor time of one more run, milliseconds: what else the machine and other threads do is no fault of the reader. */
function again(target: FuzzTarget, input: Buffer): number {
  const began = process.threadCpuUsage();
  try {
    target.run(input);
  } catch {
    // told already
  }
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1000;
}

/** After a collection, so that only what is held counts. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  // Twice: the memory behind buffers is given back after the collection that found them unused.
  if (typeof collect === 'function') for (let i = 0; i < 2; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
