/**
 * Answers about figures as pages and the API show them, put together from the sums of a few questions. Computed where
 * the sums are (store/figures-worker): a year by day is some ten thousand figures.
 */
import type { FigureSettings } from '../settings/figures.ts';
import { metricsOptionsOf } from '../settings/figures.ts';
import { calendarOf, formatDay, parseDay } from './calendar.ts';
import {
  type FigureId,
  formulaOf,
  type LimitsInWords,
  measureTextWith,
  type ServiceLevelId,
} from './figures.ts';
import { noSums, type Sums } from './measures.ts';
import { datesOf, type Period, type PeriodKind, periodBefore, periodOf, windowOf } from './period.ts';
import type { FigureGroup, FigureQuestion, FiguresAnswer } from './question.ts';
import { defaultTargets } from './state.ts';
import { type FigureValues, idsOf, type View, valuesOf, withTimeOf } from './views.ts';

/** What of the settings is needed to count and to show. */
export interface CountedOffice {
  office: { timeZone: string };
  figures: FigureSettings;
  queues: { id: string; name: string; agentIds: string[]; answerWithinMs: number }[];
  agents: { id: string; name: string }[];
}

export function countedOffice({ office, figures, queues, agents }: CountedOffice): CountedOffice {
  return {
    office: { timeZone: office.timeZone },
    figures,
    queues: queues.map(({ id, name, agentIds, answerWithinMs }) => ({ id, name, agentIds, answerWithinMs })),
    agents: agents.map(({ id, name }) => ({ id, name })),
  };
}

interface Filters {
  queueId?: string | undefined;
  agentId?: string | undefined;
}

export interface FiguresQuery extends Filters {
  /** Default: today. */
  from?: number | undefined;
  until?: number | undefined;
  by: 'all' | 'queue' | 'agent';
  only?: (FigureId | 'service-level')[] | undefined;
}

export type ReportBy = 'queue' | 'agent' | 'hour' | 'day' | 'weekday';

export interface ReportQuery extends Filters {
  period: PeriodKind;
  /** `2026-03-29`; default: today. */
  date?: string | undefined;
  to?: string | undefined;
  by: ReportBy;
  compare: 'true' | 'false';
}

/** What is said of all figures of an answer; api/endpoints/figures has the words. */
interface Frame {
  at: number;
  from: number;
  until: number;
  timeZone: string;
  counted: number | null;
  serviceLevel: ServiceLevelId;
  limits: { answerWithinMs: number; shortAbandonMs: number; queues: Record<string, number> };
}

export interface FiguresNow extends Frame {
  total: FigureValues;
  groups: { id: string; figures: FigureValues }[];
}

export interface ReportRow {
  key: string;
  from?: number;
  until?: number;
  figures: FigureValues;
}

export interface ReportPart {
  from: number;
  until: number;
  date: string;
  to: string;
  total: FigureValues;
  rows: ReportRow[];
}

export interface Report extends Frame, ReportPart {
  before: ReportPart | null;
  formulas: Partial<Record<FigureId, string>>;
}

/** Asks for sums as of `now`. */
export type Ask = (questions: FigureQuestion[], now: number) => FiguresAnswer[];

interface Counted {
  answer: FiguresAnswer;
  total: FigureValues;
  rows: { key: string; sums: Sums; ids: FigureId[] }[];
}

export class FigureAnswers {
  readonly #ask: Ask;
  readonly #office: CountedOffice;
  readonly #timeZone: string;

  constructor(ask: Ask, office: CountedOffice) {
    this.#ask = ask;
    this.#office = office;
    this.#timeZone = metricsOptionsOf(office).timeZone;
  }

  figures(query: FiguresQuery, now: number): FiguresNow {
    const today = calendarOf(this.#timeZone).intervalAt(now, 'day');
    const window = { from: query.from ?? today.startAt, until: query.until ?? today.endAt };
    const { answer, total, rows } = this.#count(viewOf(query), window, now);
    const { serviceLevel } = this.#office.figures;
    const only = query.only?.map((id) => (id === 'service-level' ? serviceLevel : id));
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

  report(query: ReportQuery, now: number): Report {
    const today = calendarOf(this.#timeZone).dayAt(now);
    const first = query.date === undefined ? today : (parseDay(query.date) ?? today);
    const period = periodOf(query.period, first, query.to === undefined ? undefined : parseDay(query.to));
    const view = viewOf(query);
    const { answer, total, rows } = this.#count(view, windowOf(period, this.#timeZone), now);
    const shown = new Set([...Object.keys(total), ...rows.flatMap(({ ids }) => ids)]) as Set<FigureId>;
    const textOf = measureTextWith(this.#limitsOf(query.queueId));
    return {
      ...this.#frame(answer, now),
      ...datesOf(period),
      total,
      rows: this.#rows(view, period, rows),
      before: query.compare === 'true' ? this.#before(view, period, now) : null,
      formulas: Object.fromEntries([...shown].map((id) => [id, formulaOf(id, textOf)])),
    };
  }

  /** The period before; when this one is not over, only as much of that. */
  #before(view: View, period: Period, now: number): ReportPart {
    const before = periodBefore(period);
    const [present, past] = [windowOf(period, this.#timeZone), windowOf(before, this.#timeZone)];
    const isOver = now >= present.until;
    const until = isOver ? past.until : Math.min(past.until, past.from + Math.max(1, now - present.from));
    const { answer, total, rows } = this.#count(view, { from: past.from, until }, now);
    const { from } = answer;
    return { from, until: answer.until, ...datesOf(before), total, rows: this.#rows(view, before, rows) };
  }

  #count(view: View, window: { from: number; until: number }, now: number): Counted {
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
    const [whole, parts, agents] = this.#ask(questions, now);
    if (!whole || !parts) throw new Error('a question about figures was not answered');
    const agentSums = new Map(agents?.groups.map(({ key, sums }) => [String(key), sums]));
    const timeOf = (sums: Sums, ofQueue: string): Sums => {
      const queue = this.#office.queues.find(({ id }) => id === ofQueue);
      const time = (queue?.agentIds ?? []).map((id) => agentSums.get(id));
      return withTimeOf(time, sums);
    };
    const wholeSums = whole.groups[0]?.sums ?? noSums();
    const isOfQueue = needsTime && queueId !== undefined;
    const isByQueue = needsTime && view.by === 'queue';
    return {
      answer: whole,
      total: valuesOf(
        idsOf({ ...view, by: 'all' }, isOfQueue),
        isOfQueue ? timeOf(wholeSums, queueId) : wholeSums,
      ),
      rows: this.#groups(view, parts.groups).map(({ key, sums }) => ({
        key: String(key),
        sums: isByQueue ? timeOf(sums, String(key)) : sums,
        ids: idsOf(view, isByQueue),
      })),
    };
  }

  /** Queues and agents that exist, also without calls, then those that the log remembers. */
  #groups({ by, queueId, agentId }: View, found: FigureGroup[]): FigureGroup[] {
    if (by !== 'queue' && by !== 'agent') return found;
    const known = by === 'queue' ? this.#office.queues : this.#office.agents;
    const asked = by === 'queue' ? queueId : agentId;
    const sums = new Map(found.map((group) => [String(group.key), group.sums]));
    const ids = new Set([...known.map(({ id }) => id), ...sums.keys()]);
    ids.delete('');
    return [...ids]
      .filter((id) => asked === undefined || id === asked)
      .map((key) => ({ key, sums: sums.get(key) ?? noSums() }));
  }

  /** Hours, weekdays and days without calls have their row too. */
  #rows(view: View, { first, end }: Period, counted: Counted['rows']): ReportRow[] {
    const ids = idsOf(view, false);
    const known = new Map(counted.map(({ key, sums }) => [key, sums]));
    const row = (key: string, at: string | number, window: object = {}): ReportRow => ({
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
        const starts = [calendar.startOfDay(first)];
        for (let day = first; day < end; day++)
          starts.push(calendar.intervalAt(starts.at(-1) ?? 0, 'day').endAt);
        return starts
          .slice(0, -1)
          .map((from, i) => row(formatDay(first + i), from, { from, until: starts[i + 1] ?? from }));
      }
      default:
        return counted.map(({ key, sums, ids: own }) => ({ key, figures: valuesOf(own, sums) }));
    }
  }

  #frame({ from, until, seq, lastSeq }: FiguresAnswer, at: number): Frame {
    const { figures, queues } = this.#office;
    return {
      at,
      from,
      until,
      timeZone: this.#timeZone,
      counted: seq < lastSeq ? seq / lastSeq : null,
      serviceLevel: figures.serviceLevel,
      limits: {
        answerWithinMs: defaultTargets.answerWithinMs,
        shortAbandonMs: figures.shortAbandonMs,
        queues: Object.fromEntries(queues.map(({ id, answerWithinMs }) => [id, answerWithinMs])),
      },
    };
  }

  #limitsOf(queueId: string | undefined): LimitsInWords {
    const { figures, queues } = this.#office;
    const asked = queues.filter(({ id }) => queueId === undefined || id === queueId);
    return {
      answerWithinMs: (asked.length > 0 ? asked : [defaultTargets]).map((queue) => queue.answerWithinMs),
      shortAbandonMs: figures.shortAbandonMs,
    };
  }
}

function viewOf({ by, queueId, agentId }: FiguresQuery | ReportQuery): View {
  return { by, queueId, agentId };
}
