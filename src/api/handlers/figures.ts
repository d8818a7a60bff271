/** Figures and reports. */
import type { Clock } from '../../base/clock.ts';
import {
  type Figure,
  figureIds,
  figures,
  figureTexts,
  formulaOf,
  measureTextWith,
} from '../../domain/metrics/figures.ts';
import type { FiguresNow } from '../../domain/metrics/report.ts';
import { defaultTargets } from '../../domain/metrics/state.ts';
import type { EndpointParsedQuery } from '../contract.ts';
import type { FiguresPort } from '../ports.ts';
import { invalidRequest } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { validated } from '../settings-change.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import type { WallGrant } from '../walls.ts';

/** Ten pages that ask the same within this time get the same answer. */
const sharedMs = 1_000;
const maxShared = 50;

type Asked = EndpointParsedQuery<'figures'>;
type Answer = FiguresNow;

export function figuresHandlers(parts: {
  figures: FiguresPort;
  editor: SettingsEditor;
  clock: Clock;
}): HandlersOf<
  'figures' | 'figureDefinitions' | 'report' | 'reportCsv' | 'getFigureSettings' | 'replaceFigureSettings'
> {
  const { editor, clock } = parts;
  const shared = new Map<string, { askedAt: number; answer: Promise<Answer> }>();

  const figuresOf = (query: Asked): Promise<Answer> => {
    const key = JSON.stringify([query, editor.revision]);
    const known = shared.get(key);
    if (known && clock.monotonic() - known.askedAt < sharedMs) return known.answer;
    const answer = parts.figures.figures(query, clock.now());
    if (shared.size >= maxShared) shared.clear();
    shared.set(key, { askedAt: clock.monotonic(), answer });
    answer.catch(() => shared.delete(key));
    return answer;
  };

  /** A link that tells of some queues only tells nothing of the others, nor of all together. */
  const figuresForWall = async (query: Asked, wall: WallGrant): Promise<Answer> => {
    const limited = wall.queueIds.length > 0;
    const queueId = query.queueId ?? (wall.queueIds.length === 1 ? wall.queueIds[0] : undefined);
    if (query.agentId !== undefined || (query.by === 'agent' && (limited || !wall.showAgents)))
      throw invalidRequest([{ path: 'by', message: 'this link tells of no agents' }]);
    if (limited && queueId === undefined && query.by !== 'queue')
      throw invalidRequest([{ path: 'queueId', message: 'say which of the queues of this link' }]);
    if (limited && queueId !== undefined && !wall.queueIds.includes(queueId))
      throw invalidRequest([{ path: 'queueId', message: `this link does not tell of the queue ${queueId}` }]);
    const answer = await figuresOf(queueId === undefined ? query : { ...query, queueId });
    if (!limited || query.by !== 'queue') return answer;
    const groups = answer.groups.filter(({ id }) => wall.queueIds.includes(id));
    return { ...answer, groups, ...(queueId === undefined ? { total: {} } : {}) };
  };

  return {
    figures: async ({ query, user, wall }) => {
      if (wall) return figuresForWall(query, wall);
      if (user?.role !== 'agent') return figuresOf(query);
      // An agent sees of other agents nothing that is theirs alone.
      const own = user.agentId ?? 'none';
      const answer = await figuresOf(query.agentId === undefined ? query : { ...query, agentId: own });
      if (query.by !== 'agent') return answer;
      return { ...answer, groups: answer.groups.filter(({ id }) => id === own) };
    },
    figureDefinitions: () => {
      const { queues, figures: own } = editor.current;
      const limits = queues.length > 0 ? queues : [defaultTargets];
      const textOf = measureTextWith({
        answerWithinMs: limits.map(({ answerWithinMs }) => answerWithinMs),
        shortAbandonMs: own.shortAbandonMs,
      });
      const items = figureIds.map((id) => {
        const { unit, scopes }: Figure = figures[id];
        return { id, unit, scopes: [...scopes], name: figureTexts[id], formula: formulaOf(id, textOf) };
      });
      return { items };
    },
    report: async ({ query }) =>
      new Response(await parts.figures.report(query, clock.now()), {
        headers: { 'content-type': 'application/json' },
      }),
    reportCsv: async ({ query }) =>
      new Response(await parts.figures.reportCsv(query, clock.now()), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="report-by-${query.by}-${query.date ?? 'today'}.csv"`,
        },
      }),
    getFigureSettings: () => editor.current.figures,
    replaceFigureSettings: async (request) => {
      const { settings: changed } = await editor.edit(request, {
        action: 'figures.change',
        apply: (now) => validated({ ...now, figures: request.body }, ['figures']),
      });
      return changed.figures;
    },
  };
}
