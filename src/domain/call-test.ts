/**
 * What would happen to a call at a moment, as a graph of places with the reasons that lead there: the answer of the
 * dial-plan tester. It asks the rules of the real call (`dial-plan.ts`, `route.ts`) and knows none of its own; a
 * place reached twice is there once, so that menus in a circle end.
 */
import type { TraceNote } from './call-event.ts';
import { planIncoming, planOutgoing } from './dial-plan.ts';
import { type RouteContext, route, type Stop } from './route.ts';
import type { Hours } from './settings/schedules.ts';
import type { Destination, Settings } from './settings.ts';

/** How the call gets in. */
export type Door =
  | { kind: 'trunk'; trunkId: string }
  | { kind: 'extension'; extensionId: string }
  | { kind: 'browser' };

export interface TestedCall {
  door: Door;
  /** What is dialled. */
  to: string;
}

export interface CallTestContext extends RouteContext {
  readonly settings: Settings;
  readonly isTrunkUp: (trunkId: string) => boolean;
  readonly hasPhone: (extensionId: string) => boolean;
  /** Agents who could take a call of the queue now; undefined for a moment that is not now. */
  readonly agentsFree: (queueId: string) => number | undefined;
}

/** What takes a call from one place to the next. */
export type Way =
  | { kind: 'begin' }
  /** A key pressed in a menu. */
  | { kind: 'digit'; digit: string }
  /** Nothing, or nothing the menu offers, was pressed often enough. */
  | { kind: 'no-choice' }
  /** The longest wait in a queue is over. */
  | { kind: 'waited'; afterS: number }
  /** A trunk did not take the call. */
  | { kind: 'failed' };

export type Place =
  | { kind: 'ivr' | 'queue' | 'extension'; id: string; name: string }
  | { kind: 'outside'; id: string; name: string; number: string }
  | { kind: 'announcement'; id: string }
  | { kind: 'hang-up' | 'gone' | 'loop' | 'rejected' };

/** Something to look at before callers find it. */
export type CallTestWarning =
  | 'queue-without-agents'
  | 'queue-nobody-free'
  | 'queue-endless'
  | 'menu-without-keys'
  | 'menu-circle'
  | 'extension-without-phone'
  | 'trunk-down'
  | 'trunk-disabled'
  | 'place-gone';

export interface PlaceNode {
  place: Place;
  warnings: CallTestWarning[];
  ways: TestWay[];
}

export interface TestWay {
  way: Way;
  /** Why it leads there, as the trace of a real call says it. */
  notes: TraceNote[];
  /** Index of the place in `nodes`. */
  to: number;
}

export interface CallTestResult {
  /** How the call begins. */
  start: TestWay;
  nodes: PlaceNode[];
}

/** @throws RangeError when the trunk or extension of the door does not exist */
export function testCall(context: CallTestContext, call: TestedCall): CallTestResult {
  const graph = new Graph(context);
  const { settings } = context;
  const { door, to } = call;
  if (door.kind === 'trunk') {
    const trunk = settings.trunks.find(({ id }) => id === door.trunkId);
    if (!trunk) throw new RangeError(`there is no trunk ${door.trunkId}`);
    const { destination, hours, note } = planIncoming(settings, trunk, to);
    const start = graph.follow({ kind: 'begin' }, [note], destination, hours);
    if (!trunk.enabled) graph.node(start.to).warnings.push('trunk-disabled');
    return { start, nodes: graph.nodes };
  }
  if (door.kind === 'extension' && !settings.extensions.some(({ id }) => id === door.extensionId))
    throw new RangeError(`there is no extension ${door.extensionId}`);
  const plan = planOutgoing(context, to);
  switch (plan.kind) {
    case 'destination':
      return {
        start: graph.follow({ kind: 'begin' }, [plan.note], plan.destination),
        nodes: graph.nodes,
      };
    case 'outside': {
      const trunks = [plan.trunkId, ...plan.others.map(({ trunkId }) => trunkId)];
      const first = graph.outside(trunks, plan.number);
      return { start: { way: { kind: 'begin' }, notes: [plan.note], to: first }, nodes: graph.nodes };
    }
    case 'reject':
      return {
        start: { way: { kind: 'begin' }, notes: [plan.note], to: graph.end({ kind: 'rejected' }) },
        nodes: graph.nodes,
      };
  }
}

class Graph {
  readonly nodes: PlaceNode[] = [];
  readonly #context: CallTestContext;
  readonly #known = new Map<string, number>();

  constructor(context: CallTestContext) {
    this.#context = context;
  }

  node(index: number): PlaceNode {
    const node = this.nodes[index];
    if (!node) throw new RangeError(`there is no node ${index}`);
    return node;
  }

  end(place: Place): number {
    return this.#at(JSON.stringify(place), place, () => {});
  }

  /** Over the first trunk, and over the next when it fails. */
  outside([trunkId, ...others]: string[], number: string): number {
    const trunk = this.#context.settings.trunks.find(({ id }) => id === trunkId);
    const place: Place = {
      kind: 'outside',
      id: trunkId ?? '',
      name: trunk?.name ?? trunkId ?? '',
      number: number,
    };
    return this.#at(JSON.stringify(place), place, (node) => {
      if (trunkId !== undefined && !this.#context.isTrunkUp(trunkId)) node.warnings.push('trunk-down');
      if (others.length > 0)
        node.ways.push({ way: { kind: 'failed' }, notes: [], to: this.outside(others, number) });
    });
  }

  follow(way: Way, before: TraceNote[], destination: Destination, hours?: Hours): TestWay {
    const { stop, notes } = route(this.#context, destination, 0, hours);
    return { way, notes: [...before, ...notes], to: this.#stop(stop) };
  }

  #stop(stop: Stop): number {
    switch (stop.kind) {
      case 'hang-up':
      case 'loop':
        return this.end({ kind: stop.kind });
      case 'gone': {
        const index = this.end({ kind: 'gone' });
        this.node(index).warnings = ['place-gone'];
        return index;
      }
      case 'announcement':
        return this.end({ kind: 'announcement', id: stop.promptId });
      case 'extension': {
        const { id, name, number } = stop.extension;
        return this.#at(`extension ${id}`, { kind: 'extension', id, name: `${number} ${name}` }, (node) => {
          if (!this.#context.hasPhone(id)) node.warnings.push('extension-without-phone');
        });
      }
      case 'queue': {
        const { id, name, agentIds, maxWaitMs, overflow } = stop.queue;
        return this.#at(`queue ${id}`, { kind: 'queue', id, name }, (node) => {
          if (agentIds.length === 0) node.warnings.push('queue-without-agents');
          else if (this.#context.agentsFree(id) === 0) node.warnings.push('queue-nobody-free');
          if (maxWaitMs === 0) node.warnings.push('queue-endless');
          else
            node.ways.push(
              this.follow({ kind: 'waited', afterS: Math.round(maxWaitMs / 1000) }, [], overflow),
            );
        });
      }
      case 'ivr': {
        const { id, name, options, otherwise } = stop.menu;
        return this.#at(`ivr ${id}`, { kind: 'ivr', id, name }, (node) => {
          if (options.length === 0) node.warnings.push('menu-without-keys');
          for (const { digit, destination } of options)
            node.ways.push(this.follow({ kind: 'digit', digit }, [], destination));
          node.ways.push(this.follow({ kind: 'no-choice' }, [], otherwise));
          if (!this.#leadsOut(this.nodes.indexOf(node))) node.warnings.push('menu-circle');
        });
      }
    }
  }

  /** Whether something else than menus can be reached from here. */
  #leadsOut(from: number): boolean {
    const seen = new Set<number>();
    const open = [from];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const node = this.node(index);
      if (node.place.kind !== 'ivr') return true;
      open.push(...node.ways.map(({ to }) => to));
    }
    return false;
  }

  #at(key: string, place: Place, fill: (node: PlaceNode) => void): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const node: PlaceNode = { place, warnings: [], ways: [] };
    const index = this.nodes.push(node) - 1;
    this.#known.set(key, index);
    fill(node);
    return index;
  }
}
