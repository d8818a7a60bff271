/** The audit as pages, and as one file. */
import type { Clock } from '../../base/clock.ts';
import { csvByteOrderMark, csvDelimiterFor, csvLine } from '../../codec/csv-write.ts';
import type { EndpointResponse } from '../contract.ts';
import type { AuditPort, AuditQuery, SettingsPort } from '../ports.ts';
import type { HandlersOf } from '../routes.ts';

type Entry = EndpointResponse<'audit'>['items'][number];

const pageSize = 500;
const columns = ['time', 'who', 'address', 'action', 'what', 'details'] as const;

export function auditHandlers(parts: {
  audit: AuditPort;
  settings: SettingsPort;
  clock: Clock;
}): HandlersOf<'audit' | 'exportAudit'> {
  const { audit, settings, clock } = parts;
  return {
    audit: ({ query }) => audit.audit(query as AuditQuery),

    exportAudit: ({ query }) => {
      const delimiter = csvDelimiterFor(settings.current.office.language);
      const encoder = new TextEncoder();
      // Up to now, so that what is written meanwhile does not move the pages.
      const until = Math.min(query.until ?? Number.MAX_SAFE_INTEGER, clock.now() + 1);
      let cursor: string | null = '';
      const body = new ReadableStream<Uint8Array>({
        start: (controller) =>
          controller.enqueue(encoder.encode(csvByteOrderMark + csvLine([...columns], delimiter))),
        async pull(controller) {
          const filters = { ...query, until, limit: pageSize } as AuditQuery;
          const page = await audit.audit(cursor ? { ...filters, cursor } : filters);
          const lines = page.items.map((entry) => csvLine(cellsOf(entry), delimiter));
          if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
          cursor = page.next;
          if (cursor === null) controller.close();
        },
      });
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return new Response(body, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="audit-${day}.csv"`,
        },
      });
    },
  };
}

function cellsOf({ at, who, source, action, target, details }: Entry): string[] {
  const text = details === undefined ? '' : JSON.stringify(details);
  return [new Date(at).toISOString(), who, source, action, target ?? '', text];
}
