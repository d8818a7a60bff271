/** What the figures of a soak say: rules only. */
import type { ProcessSample, Sample } from './sampler.ts';

/** The first part of the run fills caches and pools; growth is judged after it. */
const warmUpShare = 0.25;
/** Figures that Node moves about by itself: growth within this is none. */
const tolerance = { heap: { share: 0.05, bytes: 3e6 }, rss: { share: 0.1, bytes: 15e6 } };
/** A descriptor or two is a database connection opened at its first use. */
const descriptorsMayGrow = 2;

export interface Check {
  what: string;
  ok: boolean;
  detail: string;
}

/** Slope of the straight line that fits best, y for each unit of x; 0 of fewer than two points. */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const n = points.length;
  if (n < 2) return 0;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  let above = 0;
  let below = 0;
  for (const { x, y } of points) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

/** Growth of one figure of one process. */
function growth(
  samples: readonly Sample[],
  name: string,
  kind: 'heap' | 'rss',
): { perHour: number; check: Check } | undefined {
  const all = samples.flatMap(({ atS, processes }) => {
    const process = processes[name];
    const y = kind === 'rss' ? process?.rssBytes : process?.heap?.heapUsed;
    return y === undefined ? [] : [{ x: atS, y }];
  });
  const last = all.at(-1)?.x ?? 0;
  const judged = all.filter(({ x }) => x >= warmUpShare * last);
  if (judged.length < 3) return undefined;
  const slope = slopeOf(judged);
  const spanS = last - (judged[0]?.x ?? 0);
  const mean = judged.reduce((sum, { y }) => sum + y, 0) / judged.length;
  const grown = slope * spanS;
  const { share, bytes } = tolerance[kind];
  const what = `${name}: ${kind === 'rss' ? 'resident memory' : 'heap after garbage collection'}`;
  const detail = `${mega(mean)} MB, slope ${mega(slope * 3600)} MB/h (${mega(grown)} MB in ${Math.round(spanS)} s)`;
  return { perHour: slope * 3600, check: { what, ok: grown <= Math.max(bytes, share * mean), detail } };
}

/** Growth of memory of all processes, in the order of their names. */
export function memoryChecks(samples: readonly Sample[]): Check[] {
  const names = [...new Set(samples.flatMap(({ processes }) => Object.keys(processes)))].sort();
  return names.flatMap((name) =>
    (['heap', 'rss'] as const).flatMap((kind) => growth(samples, name, kind)?.check ?? []),
  );
}

/** Descriptors, timers and handles of each process: quiet before the load against quiet after it. */
export function leftoverChecks(before: Sample, after: Sample): Check[] {
  const checks: Check[] = [];
  for (const [name, was] of Object.entries(before.processes)) {
    const is = after.processes[name];
    if (!is) continue;
    checks.push({
      what: `${name}: the same process`,
      ok: is.pid === was.pid,
      detail: `${was.pid}, ${is.pid}`,
    });
    const [atStart, atEnd] = [descriptors(before, name), descriptors(after, name)];
    checks.push({
      what: `${name}: descriptors`,
      ok: atEnd <= atStart + descriptorsMayGrow,
      detail: `${atStart} at the start, ${atEnd} at the end`,
    });
    checks.push(...resourceCheck(name, was, is));
  }
  const { sip, media } = after;
  checks.push({ what: 'dialogs left', ok: sip.dialogs === 0, detail: String(sip.dialogs) });
  checks.push({
    what: 'SIP transactions left',
    ok: sip.transactions === 0,
    detail: String(sip.transactions),
  });
  checks.push({
    what: 'SIP connections left',
    ok: sip.connections <= before.sip.connections,
    detail: `${before.sip.connections} at the start, ${sip.connections} at the end`,
  });
  checks.push({
    what: 'timers of the SIP engine',
    ok: sip.timers <= before.sip.timers + 1,
    detail: `${before.sip.timers} at the start, ${sip.timers} at the end`,
  });
  const { legs, bridges, mixes, players, recordings, socketsBound, webTransports } = media;
  const left = { legs, bridges, mixes, players, recordings, socketsBound, webTransports };
  checks.push({
    what: 'legs, bridges, players, recordings, RTP sockets left',
    ok: Object.values(left).every((count) => count === 0),
    detail: JSON.stringify(left),
  });
  return checks;
}

/** Without the port pairs that are kept ready for legs to come. */
function descriptors({ processes, media }: Sample, name: string): number {
  return (processes[name]?.descriptors ?? 0) - (name === 'media-engine' ? 2 * media.reservations : 0);
}

function resourceCheck(name: string, was: ProcessSample, is: ProcessSample): Check[] {
  if (!was.heap || !is.heap) return [];
  const more = Object.entries(is.heap.resources)
    .map(([kind, count]) => ({ kind, count, before: was.heap?.resources[kind] ?? 0 }))
    .filter(({ count, before }) => count > before + descriptorsMayGrow);
  return [
    {
      what: `${name}: open timers and handles`,
      ok: more.length === 0,
      detail:
        more.length === 0
          ? `${total(was)} at the start, ${total(is)} at the end`
          : more.map(({ kind, count, before }) => `${kind}: ${before}, then ${count}`).join('; '),
    },
  ];
}

function total(process: ProcessSample): number {
  return Object.values(process.heap?.resources ?? {}).reduce((sum, count) => sum + count, 0);
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
