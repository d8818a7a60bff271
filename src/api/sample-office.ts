/** A working example to begin with: phones, agents, a queue and a menu in front of it. */
import { CordboardError } from '../base/errors.ts';
import { laidOut } from '../domain/lamps/layout.ts';
import type { Language, Settings } from '../domain/settings.ts';
import { newSipSecret } from './handlers/configuration.ts';

interface Words {
  desks: [string, string, string];
  agents: [string, string];
  queue: string;
  menu: string;
  /** Outcomes of a call: settled, to be called back, passed on, complaint, wrong number. */
  dispositions: [string, string, string, string, string];
  /** Reasons for a break: lunch, pause, training, other work. */
  pauses: [string, string, string, string];
}

const words: Record<Language, Words> = {
  en: {
    desks: ['Desk 1', 'Desk 2', 'Reception'],
    agents: ['Anna', 'Ben'],
    queue: 'Office',
    menu: 'Welcome',
    dispositions: ['Settled', 'To be called back', 'Passed on', 'Complaint', 'Wrong number'],
    pauses: ['Lunch', 'Short break', 'Training', 'Other work'],
  },
  hu: {
    desks: ['1. asztal', '2. asztal', 'Recepció'],
    agents: ['Anna', 'Bence'],
    queue: 'Iroda',
    menu: 'Üdvözlés',
    dispositions: ['Elintézve', 'Visszahívandó', 'Továbbadva', 'Panasz', 'Téves hívás'],
    pauses: ['Ebéd', 'Rövid szünet', 'Képzés', 'Egyéb munka'],
  },
  ru: {
    desks: ['Стол 1', 'Стол 2', 'Приёмная'],
    agents: ['Анна', 'Борис'],
    queue: 'Офис',
    menu: 'Приветствие',
    dispositions: ['Решено', 'Перезвонить', 'Передано', 'Жалоба', 'Ошиблись номером'],
    pauses: ['Обед', 'Короткий перерыв', 'Обучение', 'Другая работа'],
  },
  sk: {
    desks: ['Stôl 1', 'Stôl 2', 'Recepcia'],
    agents: ['Anna', 'Boris'],
    queue: 'Kancelária',
    menu: 'Privítanie',
    dispositions: ['Vybavené', 'Zavolať späť', 'Odovzdané', 'Sťažnosť', 'Zlé číslo'],
    pauses: ['Obed', 'Krátka prestávka', 'Školenie', 'Iná práca'],
  },
  lt: {
    desks: ['1 stalas', '2 stalas', 'Registratūra'],
    agents: ['Ona', 'Benas'],
    queue: 'Biuras',
    menu: 'Pasveikinimas',
    dispositions: ['Išspręsta', 'Perskambinti', 'Perduota', 'Skundas', 'Ne tas numeris'],
    pauses: ['Pietūs', 'Trumpa pertrauka', 'Mokymai', 'Kitas darbas'],
  },
  tr: {
    desks: ['Masa 1', 'Masa 2', 'Resepsiyon'],
    agents: ['Ayşe', 'Burak'],
    queue: 'Ofis',
    menu: 'Karşılama',
    dispositions: ['Çözüldü', 'Geri aranacak', 'Aktarıldı', 'Şikâyet', 'Yanlış numara'],
    pauses: ['Öğle yemeği', 'Kısa mola', 'Eğitim', 'Başka iş'],
  },
};

function deskOf(dispositions: Words['dispositions'], pauses: Words['pauses']): Settings['desk'] {
  const [settled, callBack, passedOn, complaint, wrongNumber] = dispositions;
  const [lunch, short, training, other] = pauses;
  return {
    dispositions: [
      { code: 'settled', name: settled, kind: 'success', needsNote: false },
      { code: 'call-back', name: callBack, kind: 'neutral', needsNote: true },
      { code: 'passed-on', name: passedOn, kind: 'neutral', needsNote: false },
      { code: 'complaint', name: complaint, kind: 'failure', needsNote: true },
      { code: 'wrong-number', name: wrongNumber, kind: 'failure', needsNote: false },
    ],
    pauseReasons: [
      { code: 'lunch', name: lunch, paid: false },
      { code: 'break', name: short, paid: true },
      { code: 'training', name: training, paid: true },
      { code: 'other-work', name: other, paid: true },
    ],
  };
}

/**
 * The office with a sample in it: extensions 201 to 203, two agents, queue 300, menu 100 (its greeting says that
 * calls are recorded; 1 leads to the queue), and lamps for what there is.
 * @throws CordboardError settings.not-empty
 */
export function sampleOffice(settings: Settings): Settings {
  const { extensions, agents, queues, ivrMenus, trunks, numbers, panel, desk } = settings;
  const lists = [extensions, agents, queues, ivrMenus, trunks, numbers, panel.lamps];
  if (lists.some((list) => list.length > 0))
    throw new CordboardError(
      'settings.not-empty',
      'The sample goes into an empty office only: this one has extensions, agents, queues, menus, trunks, numbers or lamps.',
    );
  const { desks, agents: names, queue, menu, dispositions, pauses } = words[settings.office.language];
  const extension = (n: 0 | 1 | 2) => ({
    id: `desk-${n + 1}`,
    number: String(201 + n),
    name: desks[n],
    secret: newSipSecret(),
    digest: 'MD5' as const,
    mediaEncryption: 'optional' as const,
    dtmf: 'auto' as const,
  });
  return {
    ...settings,
    extensions: [extension(0), extension(1), extension(2)],
    agents: [
      { id: 'agent-1', name: names[0], extensionId: 'desk-1' },
      { id: 'agent-2', name: names[1], extensionId: 'desk-2' },
    ],
    queues: [
      {
        id: 'office',
        name: queue,
        number: '300',
        strategy: 'longest-idle',
        agentIds: ['agent-1', 'agent-2'],
        ringTimeoutMs: 20_000,
        missedPauseMs: 10_000,
        wrapUpMs: 15_000,
        maxWaitMs: 0,
        overflow: { kind: 'hang-up' },
        announcePosition: true,
        announceEveryMs: 30_000,
        waitingThreshold: 3,
        answerWithinMs: 20_000,
        record: true,
        dispositions: [],
        dispositionRequired: false,
        dispositionCapMs: 300_000,
        moreWrapUpMs: 60_000,
      },
    ],
    ivrMenus: [
      {
        id: 'welcome',
        name: menu,
        number: '100',
        greeting: 'greeting',
        timeoutMs: 5_000,
        maxTries: 3,
        options: [{ digit: '1', destination: { kind: 'queue', queueId: 'office' } }],
        otherwise: { kind: 'queue', queueId: 'office' },
      },
    ],
    desk: desk.dispositions.length > 0 || desk.pauseReasons.length > 0 ? desk : deskOf(dispositions, pauses),
    panel: {
      ...panel,
      lamps: laidOut([
        { fact: 'waiting' },
        { fact: 'agent', agentId: 'agent-1' },
        { fact: 'agent', agentId: 'agent-2' },
        { fact: 'trunks' },
        { fact: 'faults' },
      ]),
    },
  };
}
