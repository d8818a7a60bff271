/** The list of calls for a spreadsheet: read page by page while it is sent, so that a long one holds up nobody. */
import { csvByteOrderMark, csvLine } from '../codec/csv-write.ts';
import type { Call } from '../domain/call.ts';
import { lowestMos, resultOf } from '../domain/call-result.ts';
import type { Settings } from '../domain/settings.ts';

export const mostExported = 100_000;
const pageSize = 200;

type Page = { items: Call[]; next: string | null };

const columns = [
  ...['began', 'direction', 'from', 'name', 'to', 'trunk', 'queue', 'agent', 'result', 'end'],
  ...['waited_s', 'talked_s', 'recorded', 'mos', 'disposition', 'notes', 'call_id'],
];

/** @param list gives the page behind a cursor */
export function callsCsv(
  list: (page: { limit: number; cursor?: string }) => Promise<Page>,
  settings: Settings,
): Response {
  const line = lineOf(settings);
  const encoder = new TextEncoder();
  let cursor: string | null | undefined;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(csvByteOrderMark + csvLine(columns)));
    },
    async pull(controller) {
      const page = await list({ limit: pageSize, ...(cursor ? { cursor } : {}) });
      const items = page.items.slice(0, mostExported - sent);
      sent += items.length;
      cursor = page.next;
      controller.enqueue(encoder.encode(items.map(line).join('')));
      if (cursor === null || sent >= mostExported) controller.close();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="calls.csv"',
      'cache-control': 'no-store',
    },
  });
}

function lineOf(settings: Settings): (call: Call) => string {
  const named = (items: readonly { id: string; name: string }[]): ((id: string | undefined) => string) => {
    const names = new Map(items.map(({ id, name }) => [id, name]));
    return (id) => (id === undefined ? '' : (names.get(id) ?? id));
  };
  const [trunk, queue, agent] = [named(settings.trunks), named(settings.queues), named(settings.agents)];
  // Swedish writes dates as a spreadsheet sorts them.
  const clock = new Intl.DateTimeFormat('sv', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: settings.office.timeZone,
  });
  return (call: Call & { notes?: readonly { text: string }[]; disposition?: { label: string } }) =>
    csvLine([
      clock.format(call.startedAt),
      call.direction,
      call.from,
      call.fromName,
      call.to,
      trunk(call.trunkId),
      queue(call.queueId),
      agent(call.agentId),
      resultOf(call),
      call.termination?.reason,
      seconds(call.waitMs),
      seconds(call.talkMs),
      call.recordings.some(({ state, deleted }) => state === 'done' && !deleted) ? 'yes' : 'no',
      lowestMos(call)?.toFixed(2),
      call.disposition?.label,
      (call.notes ?? []).map(({ text }) => text).join(' / '),
      call.callId,
    ]);
}

function seconds(durationMs: number): number {
  return Math.round(durationMs / 1000);
}
