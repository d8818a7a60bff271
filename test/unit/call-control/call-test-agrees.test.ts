import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { CallControl } from '../../../src/call-control/call-control.ts';
import { LiveState } from '../../../src/call-control/live-state.ts';
import type { CallEvent, LogEvent } from '../../../src/domain/call-event.ts';
import {
  type Door,
  type Place,
  type PlaceNode,
  type TestWay,
  testCall,
} from '../../../src/domain/call-test.ts';
import type { NightMode } from '../../../src/domain/schedule.ts';
import { type Destination, type Settings, settingsSchema } from '../../../src/domain/settings.ts';
import { MemoryTelephony } from '../../support/memory-telephony.ts';

/** Call control with everything around it in memory. */
function office(settings: Settings, night: NightMode | null) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 9));
  const telephony = new MemoryTelephony();
  const log: LogEvent[] = [];
  const control = new CallControl({
    telephony,
    live: new LiveState({ clock }),
    callLog: { append: (event) => void log.push(event) },
    prompts: { pathFor: (promptId) => `${promptId}.wav`, positionPromptId: (n) => `position-${n}` },
    recordings: {
      newFile: async () => '',
      salvage: async () => null,
    },
    agentStatuses: { load: () => new Map(), save() {} },
    nightMode: { load: () => night, save: async () => {} },
    sipTrace: { save() {} },
    admission: { refuses: () => undefined, callsChanged() {} },
    capacityTest: { take() {}, abort() {} },
    settings,
    clock,
    log: silentLogger,
  });
  control.start();
  return { clock, telephony, log: log as CallEvent[], control };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function announced(log: readonly CallEvent[]): string {
  const note = log.findLast((event) => event.name === 'TRACE' && event.code === 'announcement');
  return note?.name === 'TRACE' ? String(note.params.prompt) : '';
}

/** Where the log says the call is now, in the words of the tester. */
function placeIn(log: readonly CallEvent[], telephony: MemoryTelephony): Partial<Place> | undefined {
  const last = log.findLast(({ name }) =>
    ['IVRENTER', 'IVREXIT', 'ENTERQUEUE', 'LEGSTART', 'CALLEND'].includes(name),
  );
  if (last?.name === 'IVRENTER') return { kind: 'ivr', id: last.ivrMenuId };
  if (last?.name === 'ENTERQUEUE') return { kind: 'queue', id: last.queueId };
  if (last?.name === 'LEGSTART' && last.role === 'callee') {
    const target = telephony.dialled.at(-1)?.target;
    return target?.kind === 'extension'
      ? { kind: 'extension', id: target.extensionId }
      : { kind: 'outside', id: target?.trunkId ?? '', number: target?.number ?? '' };
  }
  if (last?.name === 'CALLEND') {
    switch (last.termination.reason) {
      case 'announced':
        return { kind: 'announcement', id: announced(log) };
      case 'dial-plan-hung-up':
        return { kind: 'hang-up' };
      case 'ivr-loop':
        return { kind: 'loop' };
      case 'route-gone':
        return { kind: 'gone' };
      default:
        return { kind: 'rejected' };
    }
  }
  return undefined;
}

const destinations: Destination[] = [
  { kind: 'ivr', ivrMenuId: 'a' },
  { kind: 'ivr', ivrMenuId: 'b' },
  { kind: 'ivr', ivrMenuId: 'c' },
  { kind: 'queue', queueId: 'empty' },
  { kind: 'queue', queueId: 'short' },
  { kind: 'extension', extensionId: 'anna' },
  { kind: 'announcement', promptId: 'closed' },
  { kind: 'hang-up' },
];
const destination = fc.constantFrom(...destinations);
const hours = fc.option(fc.record({ scheduleId: fc.constantFrom('never', 'always'), closed: destination }), {
  nil: undefined,
});
const menu = (id: string) =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    number: fc.constant({ a: '501', b: '502', c: '503' }[id]),
    maxTries: fc.integer({ min: 1, max: 2 }),
    options: fc.uniqueArray(fc.record({ digit: fc.constantFrom('1', '2', '3', '*'), destination }), {
      selector: ({ digit }) => digit,
      maxLength: 4,
    }),
    otherwise: destination,
    hours,
  });
const settingsOf = fc
  .record({
    menus: fc.tuple(menu('a'), menu('b'), menu('c')),
    inbound: destination,
    overflow: destination,
    hours,
    numberTo: destination,
    numberHours: hours,
    trunks: fc.integer({ min: 0, max: 2 }),
  })
  .map((made) =>
    settingsSchema.parse({
      version: 1,
      extensions: [{ id: 'anna', number: '101', name: 'Anna', secret: 'secret-of-anna' }],
      queues: [
        { id: 'empty', name: 'Empty', number: '601' },
        { id: 'short', name: 'Short', maxWaitMs: 60_000, overflow: made.overflow },
      ],
      ivrMenus: JSON.parse(JSON.stringify(made.menus)),
      schedules: [
        { id: 'never', name: 'Never' },
        {
          id: 'always',
          name: 'Always',
          week: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', until: '24:00' })),
        },
      ],
      trunks: [
        {
          id: 'in',
          name: 'In',
          kind: 'peer',
          host: '192.0.2.1',
          inbound: made.inbound,
          enabled: made.trunks > 0,
          hours: made.hours,
        },
        { id: 'other', name: 'Other', kind: 'peer', host: '192.0.2.2', enabled: made.trunks > 1 },
      ],
      numbers: [{ id: 'n', number: '3612345678', destination: made.numberTo, hours: made.numberHours }],
    }),
  );

it('the tester tells of every call what call control then does with it, place by place and reason by reason', async () => {
  const night: NightMode = { mode: 'closed', since: 0, who: 'Anna', ends: 'stays' };
  await fc.assert(
    fc.asyncProperty(
      settingsOf,
      fc.constantFrom<Door['kind']>('trunk', 'extension'),
      fc.constantFrom('3612345678', '36999', '101', '501', '502', '601', '112', '12', '*9', 'nonsense'),
      fc.option(fc.constant(night)),
      fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }),
      async (settings, doorKind, to, pressed, choices) => {
        const { clock, telephony, log, control } = office(settings, pressed);
        const [trunk] = settings.trunks;
        const [extension] = settings.extensions;
        if (!trunk || !extension) throw new Error('the office lacks a door');
        const door: Door =
          doorKind === 'trunk'
            ? { kind: 'trunk', trunkId: 'in' }
            : { kind: 'extension', extensionId: 'anna' };
        const told = testCall(
          {
            settings,
            at: clock.now(),
            night: pressed,
            isTrunkUp: () => false,
            hasPhone: () => false,
            agentsFree: () => undefined,
          },
          { door, to },
        );
        const leg = telephony.call({
          source: door.kind === 'trunk' ? { kind: 'trunk', trunk } : { kind: 'extension', extension },
          to,
        });
        const settle = async (): Promise<void> => {
          await turn();
          while (leg.playing !== undefined && placeIn(log, telephony)?.kind !== 'ivr') {
            leg.hear();
            await turn();
          }
        };
        let way: TestWay | undefined = told.start;
        for (const choice of choices) {
          await settle();
          const node: PlaceNode | undefined = told.nodes[way?.to ?? -1];
          if (!node || !way) return;
          expect(placeIn(log, telephony)).toMatchObject(
            node.place.kind === 'ivr' || node.place.kind === 'queue' || node.place.kind === 'extension'
              ? { kind: node.place.kind, id: node.place.id }
              : node.place.kind === 'outside'
                ? { kind: 'outside', id: node.place.id, number: node.place.number }
                : node.place,
          );
          const traced = log.flatMap((event) => (event.name === 'TRACE' ? [event.code] : []));
          // How long closed menus go round depends on the menus passed before.
          const toldNotes = node.place.kind === 'loop' ? way.notes.slice(-1) : way.notes;
          const reasons = toldNotes.map(({ code }) => code);
          const after = traced.filter((code) => /^(dial|hours|route)\.|^ivr\.loop/.test(code));
          expect(after.slice(after.length - reasons.length)).toEqual(reasons);
          way = node.ways[choice % Math.max(1, node.ways.length)];
          if (!way) break;
          if (way.way.kind === 'digit') leg.events.emit('digit', way.way.digit);
          else if (way.way.kind === 'waited') clock.advance(61_000);
          else if (way.way.kind === 'no-choice') {
            const { maxTries = 1 } =
              settings.ivrMenus.find(({ id }) => node.place.kind === 'ivr' && id === node.place.id) ?? {};
            for (let round = 0; round < maxTries; round++) {
              leg.hear();
              clock.advance(5_001);
            }
          } else break;
        }
        await control.stop(0).catch(() => undefined);
      },
    ),
    { numRuns: 150 },
  );
});
