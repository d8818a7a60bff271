/** What the lamps and buttons of the panel are for. */
import { z } from 'zod';
import { id } from './values.ts';

const share = z.number().min(0).max(1);

/**
 * Something that a lamp can show. Where a value has a threshold, the lamp goes over at the first value and comes back
 * at the second, so that a value between both changes nothing.
 */
export const lampFactSchema = z.discriminatedUnion('fact', [
  /** Callers waiting: against the threshold of their queue. */
  z.object({ fact: z.literal('waiting'), queueId: id.optional() }),
  /** How long the caller has waited who has waited longest. */
  z.object({
    fact: z.literal('longest-wait'),
    queueId: id.optional(),
    overMs: z.number().int().min(1_000).max(7_200_000).default(60_000),
    backMs: z.number().int().min(0).max(7_200_000).default(30_000),
  }),
  /** Service level since midnight. */
  z.object({
    fact: z.literal('service-level'),
    queueId: id.optional(),
    under: share.default(0.8),
    back: share.default(0.85),
  }),
  z.object({ fact: z.literal('agent'), agentId: id }),
  z.object({ fact: z.literal('extension'), extensionId: id }),
  z.object({ fact: z.literal('trunks') }),
  z.object({ fact: z.literal('trunk'), trunkId: id }),
  /** The night button and the opening hours. */
  z.object({ fact: z.literal('night') }),
  z.object({ fact: z.literal('campaign'), campaignId: id }),
  z.object({ fact: z.literal('faults') }),
  /** The free share of the disk. */
  z.object({ fact: z.literal('disk'), under: share.default(0.1), back: share.default(0.15) }),
  /** Somebody is shut out by the SIP server's guard. */
  z.object({ fact: z.literal('guard') }),
  /** Somebody calls for help. */
  z.object({ fact: z.literal('emergency') }),
]);
export type LampFact = z.infer<typeof lampFactSchema>;

export const lampSchema = z.object({
  /** 0-based lamp number on the panel. */
  lamp: z.number().int().min(0).max(127),
  shows: lampFactSchema,
  /** More facts on the same lamp: the most urgent is shown. */
  also: z.array(lampFactSchema).max(7).default([]),
  /** What the lamp shows stays at least so long. */
  minMs: z.number().int().min(0).max(60_000).default(250),
});
export type LampAssignment = z.infer<typeof lampSchema>;

/** What a button does. */
export const buttonActSchema = z.discriminatedUnion('act', [
  /** Closes the office as the night button of the pages does, or gives the hours their say again. */
  z.object({ act: z.literal('night') }),
  /** Flashing alarms become steady until their cause is gone. */
  z.object({ act: z.literal('acknowledge') }),
  /** Logs an agent in or out. */
  z.object({ act: z.literal('agent'), agentId: id }),
]);
export type ButtonAct = z.infer<typeof buttonActSchema>;

export const panelButtonSchema = z.object({
  /** 0-based button number on the panel. */
  button: z.number().int().min(0).max(15),
  /** `long`: held for about a second. */
  when: z.enum(['press', 'long']).default('press'),
  does: buttonActSchema,
});
export type PanelButton = z.infer<typeof panelButtonSchema>;

/** From a full hour of the office's clocks on, lamps shine with this share; red ones always with all. */
export const brightnessSchema = z.object({
  fromHour: z.number().int().min(0).max(23),
  percent: z.number().int().min(5).max(100),
});
export type Brightness = z.infer<typeof brightnessSchema>;

export const panelSettingsSchema = z
  .object({
    /** Serial device, empty: none. CORDBOARD_PANEL overrides. */
    device: z.string().max(200).default(''),
    address: z.number().int().min(1).max(247).default(1),
    lamps: z.array(lampSchema).max(128).default([]),
    buttons: z.array(panelButtonSchema).max(32).default([]),
    /** None: always as bright as it gets. */
    brightness: z.array(brightnessSchema).max(24).default([]),
  })
  .prefault({});
export type PanelSettings = z.infer<typeof panelSettingsSchema>;

/** The item of the settings that a fact or act is about. */
export function itemOf(
  thing: LampFact | ButtonAct,
):
  | { section: 'queues' | 'agents' | 'extensions' | 'trunks' | 'campaigns'; key: string; id: string }
  | undefined {
  if ('queueId' in thing && thing.queueId !== undefined)
    return { section: 'queues', key: 'queueId', id: thing.queueId };
  if ('agentId' in thing) return { section: 'agents', key: 'agentId', id: thing.agentId };
  if ('extensionId' in thing) return { section: 'extensions', key: 'extensionId', id: thing.extensionId };
  if ('trunkId' in thing) return { section: 'trunks', key: 'trunkId', id: thing.trunkId };
  if ('campaignId' in thing) return { section: 'campaigns', key: 'campaignId', id: thing.campaignId };
  return undefined;
}

const words = {
  queues: 'queue',
  agents: 'agent',
  extensions: 'extension',
  trunks: 'trunk',
  campaigns: 'campaign',
} as const;

/** Tells of every item that the panel names and the office does not have, and of thresholds the wrong way round. */
export function checkPanel(
  panel: PanelSettings,
  known: Record<keyof typeof words, ReadonlySet<string>>,
  problem: (path: (string | number)[], message: string) => void,
): void {
  const check = (thing: LampFact | ButtonAct, path: (string | number)[]): void => {
    const item = itemOf(thing);
    if (item && !known[item.section].has(item.id))
      problem([...path, item.key], `there is no ${words[item.section]} ${item.id}`);
    if ('overMs' in thing && thing.backMs > thing.overMs)
      problem([...path, 'backMs'], 'must not be above the value at which the lamp goes over');
    if ('under' in thing && thing.back < thing.under)
      problem([...path, 'back'], 'must not be below the value at which the lamp goes over');
  };
  panel.lamps.forEach(({ shows, also }, i) => {
    check(shows, ['panel', 'lamps', i, 'shows']);
    also.forEach((fact, j) => {
      check(fact, ['panel', 'lamps', i, 'also', j]);
    });
  });
  const buttons = new Set<string>();
  panel.buttons.forEach(({ button, when, does }, i) => {
    check(does, ['panel', 'buttons', i, 'does']);
    if (buttons.has(`${button} ${when}`))
      problem(['panel', 'buttons', i, 'button'], 'this button already does something when it is pressed so');
    buttons.add(`${button} ${when}`);
  });
  const hours = new Set<number>();
  panel.brightness.forEach(({ fromHour }, i) => {
    if (hours.has(fromHour)) problem(['panel', 'brightness', i, 'fromHour'], 'this hour is there twice');
    hours.add(fromHour);
  });
}
