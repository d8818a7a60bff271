/** Asks for figures and puts the answer together as the contract has it. */
import type { Clock } from '../base/clock.ts';
import { calendarOf, formatDay, parseDay } from '../domain/metrics/calendar.ts';
import { type FigureId, formulaOf, type LimitsInWords, measureTextWith } from '../domain/metrics/figures.ts';
import { noSums, type Sums } from '../domain/metrics/measures.ts';
import { datesOf, type Period, periodBefore, periodOf, windowOf } from '../domain/metrics/period.ts';
import type {
  FigureGroup,
  FigureQuestion,
  FiguresAnswer,
  FiguresProgress,
} from '../domain/metrics/question.ts';
import { defaultTargets } from '../domain/metrics/state.ts';
import { type FigureValues, idsOf, type View, valuesOf, withTimeOf } from '../domain/metrics/views.ts';
import { metricsOptionsOf } from '../domain/settings/figures.ts';
import type { Settings } from '../domain/settings.ts';
import type { EndpointParsedQuery, EndpointResponse } from './contract.ts';
import type { FiguresPort } from './ports.ts';

type FiguresQuery = EndpointParsedQuery<'figures'>;
type ReportQuery = EndpointParsedQuery<'report'>;
export type Report = EndpointResponse<'report'>;

interface Counted {
  answer: FiguresAnswer;
  total: FigureValues;
  rows: { key: string; sums: Sums; ids: FigureId[] }[];
}

export class FigureAnswers {
  readonly #figures: FiguresPort;
  readonly #settings: { readonly current: Settings };
  readonly #clock: Clock;

  constructor(parts: { figures: FiguresPort; settings: { readonly current: Settings }; clock: Clock }) {
    this.#figures = parts.figures;
    this.#settings = parts.settings;
    this.#clock = parts.clock;
  }

  async figures(query: FiguresQuery): Promise<EndpointResponse<'figures'>> {
    const now = this.#clock.now();
    const today = calendarOf(this.#timeZone).intervalAt(now, 'day');
    const window = { from: query.from ?? today.startAt, until: query.until ?? today.endAt };
    const { answer, total, rows } = await this.#count(viewOf(query), window, now);
    const only = query.only?.map((id) =>
      id === 'service-level' ? this.#settings.current.figures.serviceLevel : id,
    );
    const chosen = (values: FigureValues): FigureValues =>
      only ? Object.fromEntries(only.flatMap((id) => (values[id] ? [[id, values[id]]] : []))) : values;
    return {
      ...this.#frame(answer, now),
      total: chosen(total),
      groups:
        query.by === 'all'
          ? []
          : rows.map(({ key, sums, ids }) => ({ id: key, figures: chosen(valuesOf(ids, sums)) })),
    };
  }

  async report(query: ReportQuery): Promise<Report> {
    const now = this.#clock.now();
    const timeZone = this.#timeZone;
    const today = calendarOf(timeZone).dayAt(now);
    const first = query.date === undefined ? today : (parseDay(query.date) ?? today);
    const period = periodOf(query.period, first, query.to === undefined ? undefined : parseDay(query.to));
    const window = windowOf(period, timeZone);
    const view = viewOf(query);
    const { answer, total, rows } = await this.#count(view, window, now);
    const shown = new Set([...Object.keys(total), ...rows.flatMap(({ ids }) => ids)]) as Set<FigureId>;
    return {
      ...this.#frame(answer, now),
      ...datesOf(period),
      total,
      rows: this.#rows(view, period, rows),
      before: query.compare === 'true' ? await this.#before(view, period, now) : null,
      formulas: Object.fromEntries(
        [...shown].map((id) => [id, formulaOf(id, measureTextWith(this.#limitsOf(query.queueId)))]),
      ),
    };
  }

  /** The period before; when this one is not over, only as much of that. */
  async #before(view: View, period: Period, now: number): Promise<Report['before']> {
    const before = periodBefore(period);
    const [present, past] = [windowOf(period, this.#timeZone), windowOf(before, this.#timeZone)];
    const isOver = now >= present.until;
    const until = isOver ? past.until : Math.min(past.until, past.from + Math.max(1, now - present.from));
    const { answer, total, rows } = await this.#count(view, { from: past.from, until }, now);
    return {
      from: answer.from,
      until: answer.until,
      ...datesOf(before),
      total,
      rows: this.#rows(view, before, rows),
    };
  }

  async #count(view: View, window: { from: number; until: number }, now: number): Promise<Counted> {
    const { queueId, agentId } = view;
    const filters = {
      ...(queueId === undefined ? {} : { queueId }),
      ...(agentId === undefined ? {} : { agentId }),
    };
    const needsTime = agentId === undefined && (view.by === 'queue' || queueId !== undefined);
    const questions: FigureQuestion[] = [
      { ...window, by: 'all', ...filters },
      { ...window, by: view.by, ...filters },
      ...(needsTime ? [{ ...window, by: 'agent' as const }] : []),
    ];
    const [whole, parts, agents] = await this.#figures.ask(questions, now);
    if (!whole || !parts) throw new Error('a question about figures was not answered');
    const agentSums = new Map(agents?.groups.map(({ key, sums }) => [String(key), sums]));
    const timeOf = (sums: Sums, ofQueue: string): Sums => {
      const queue = this.#settings.current.queues.find(({ id }) => id === ofQueue);
      return withTimeOf(
        (queue?.agentIds ?? []).map((id) => agentSums.get(id)),
        sums,
      );
    };
    const wholeSums = whole.groups[0]?.sums ?? noSums();
    const isOfQueue = needsTime && queueId !== undefined;
    return {
      answer: whole,
      total: valuesOf(
        idsOf({ ...view, by: 'all' }, isOfQueue),
        isOfQueue ? timeOf(wholeSums, queueId) : wholeSums,
      ),
      rows: this.#groups(view, parts.groups).map(({ key, sums }) => ({
        key: String(key),
        sums: needsTime && view.by === 'queue' ? timeOf(sums, String(key)) : sums,
        ids: idsOf(view, needsTime && view.by === 'queue'),
      })),
    };
  }

  /** Queues and agents that exist, also without calls, then those that the log remembers. */
  #groups({ by, queueId, agentId }: View, found: FigureGroup[]): FigureGroup[] {
    if (by !== 'queue' && by !== 'agent') return found;
    const { queues, agents } = this.#settings.current;
    const known = by === 'queue' ? queues : agents;
    const asked = by === 'queue' ? queueId : agentId;
    const sums = new Map(found.map((group) => [String(group.key), group.sums]));
    const ids = new Set([...known.map(({ id }) => id), ...sums.keys()]);
    ids.delete('');
    return [...ids]
      .filter((id) => asked === undefined || id === asked)
      .map((key) => ({ key, sums: sums.get(key) ?? noSums() }));
  }

  /** Hours, weekdays and days without calls have their row too. */
  #rows(view: View, { first, end }: Period, counted: Counted['rows']): Report['rows'] {
    const ids = idsOf(view, false);
    const known = new Map(counted.map(({ key, sums }) => [key, sums]));
    const row = (key: string, at: string | number, window: object = {}): Report['rows'][number] => ({
      key,
      ...window,
      figures: valuesOf(ids, known.get(String(at)) ?? noSums()),
    });
    switch (view.by) {
      case 'hour':
        return Array.from({ length: 24 }, (_, hour) => row(String(hour), hour));
      case 'weekday':
        return Array.from({ length: 7 }, (_, i) => row(String(i + 1), i + 1));
      case 'day': {
        const calendar = calendarOf(this.#timeZone);
        return Array.from({ length: end - first }, (_, i) => {
          const from = calendar.startOfDay(first + i);
          return row(formatDay(first + i), from, { from, until: calendar.startOfDay(first + i + 1) });
        });
      }
      default:
        return counted.map(({ key, sums, ids: own }) => ({ key, figures: valuesOf(own, sums) }));
    }
  }

  #frame({ from, until, seq, lastSeq }: FiguresAnswer, at: number) {
    const { figures, queues } = this.#settings.current;
    return {
      at,
      from,
      until,
      timeZone: this.#timeZone,
      counted: countedOf({ seq, lastSeq }),
      serviceLevel: figures.serviceLevel,
      limits: {
        answerWithinMs: defaultTargets.answerWithinMs,
        shortAbandonMs: figures.shortAbandonMs,
        queues: Object.fromEntries(queues.map(({ id, answerWithinMs }) => [id, answerWithinMs])),
      },
    };
  }

  #limitsOf(queueId: string | undefined): LimitsInWords {
    const { figures, queues } = this.#settings.current;
    const asked = queues.filter(({ id }) => queueId === undefined || id === queueId);
    return {
      answerWithinMs:
        asked.length > 0 ? asked.map((queue) => queue.answerWithinMs) : [defaultTargets.answerWithinMs],
      shortAbandonMs: figures.shortAbandonMs,
    };
  }

  get #timeZone(): string {
    return metricsOptionsOf(this.#settings.current).timeZone;
  }
}

function countedOf({ seq, lastSeq }: FiguresProgress): number | null {
  return seq < lastSeq ? seq / lastSeq : null;
}

function viewOf({ by, queueId, agentId }: FiguresQuery | ReportQuery): View {
  return { by, queueId, agentId };
}
