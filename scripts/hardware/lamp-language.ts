/**
 * What the lamps mean, in the six languages of the office: the words of the page for the wall. Colours and patterns are
 * those that the appliance shows (`src/domain/lamps/words.ts`); their names are the pages' own.
 */
import type { LampState } from '../../src/codec/panel-message.ts';
import { lampWords } from '../../src/domain/lamps/words.ts';

export const cardLanguages = ['en', 'hu', 'ru', 'sk', 'lt', 'tr'] as const;
export type CardLanguage = (typeof cardLanguages)[number];
type Words = Record<CardLanguage, string>;

export interface CardRow {
  shown: Pick<LampState, 'colour' | 'pattern'>;
  means: Words;
}

export interface CardGroup {
  title: Words;
  rows: CardRow[];
}

const row = (shown: CardRow['shown'], means: Words): CardRow => ({ shown, means });

export const groups: CardGroup[] = [
  {
    title: {
      en: 'People',
      hu: 'Munkatársak',
      ru: 'Сотрудники',
      sk: 'Ľudia',
      lt: 'Darbuotojai',
      tr: 'Çalışanlar',
    },
    rows: [
      row(lampWords.nothing, {
        en: 'Not logged in',
        hu: 'Nincs bejelentkezve',
        ru: 'Вход не выполнен',
        sk: 'Neprihlásený',
        lt: 'Neprisijungęs',
        tr: 'Oturum açmadı',
      }),
      row(lampWords.inOrder, {
        en: 'Free, ready for calls',
        hu: 'Szabad, fogadhat hívást',
        ru: 'Свободен, готов принимать вызовы',
        sk: 'Voľný, môže prijímať hovory',
        lt: 'Laisvas, gali priimti skambučius',
        tr: 'Müsait, çağrı alabilir',
      }),
      row(lampWords.offered, {
        en: 'The phone is ringing',
        hu: 'Csörög a telefonja',
        ru: 'Звонит телефон',
        sk: 'Zvoní telefón',
        lt: 'Skamba telefonas',
        tr: 'Telefonu çalıyor',
      }),
      row(lampWords.talking, {
        en: 'On a call',
        hu: 'Beszél',
        ru: 'Разговаривает',
        sk: 'Telefonuje',
        lt: 'Kalba telefonu',
        tr: 'Görüşmede',
      }),
      row(lampWords.holding, {
        en: 'On a call, the caller is on hold',
        hu: 'Hívásban van, a hívó tartásban',
        ru: 'Вызов на удержании',
        sk: 'Hovor je podržaný',
        lt: 'Skambutis sulaikytas',
        tr: 'Çağrı beklemeye alındı',
      }),
      row(lampWords.wrapUp, {
        en: 'Work after the call',
        hu: 'Hívás utáni munka',
        ru: 'Работа после вызова',
        sk: 'Práca po hovore',
        lt: 'Darbas po skambučio',
        tr: 'Çağrı sonrası iş',
      }),
      row(lampWords.paused, {
        en: 'On a break, or did not answer',
        hu: 'Szünetet tart, vagy nem vette fel',
        ru: 'На перерыве или не ответил',
        sk: 'Má prestávku alebo neprijal hovor',
        lt: 'Pertrauka arba neatsiliepė',
        tr: 'Molada ya da yanıt vermedi',
      }),
    ],
  },
  {
    title: {
      en: 'Queues',
      hu: 'Várakozási sorok',
      ru: 'Очереди',
      sk: 'Fronty',
      lt: 'Eilės',
      tr: 'Kuyruklar',
    },
    rows: [
      row(lampWords.nothing, {
        en: 'Nobody is waiting',
        hu: 'Senki sem várakozik',
        ru: 'Никто не ждёт',
        sk: 'Nikto nečaká',
        lt: 'Niekas nelaukia',
        tr: 'Bekleyen yok',
      }),
      row(lampWords.waiting, {
        en: 'Callers are waiting',
        hu: 'Hívók várakoznak',
        ru: 'Ожидают ответа',
        sk: 'Volajúci čakajú',
        lt: 'Laukiama atsiliepimo',
        tr: 'Arayanlar bekliyor',
      }),
      row(lampWords.waitingTooMany, {
        en: 'Too many are waiting: help with the phones',
        hu: 'Túl sokan várakoznak: segítsen a telefonoknál',
        ru: 'Ждут слишком многие: помогите отвечать',
        sk: 'Čaká príliš veľa ľudí: pomôžte pri telefónoch',
        lt: 'Laukia per daug: padėkite atsiliepti',
        tr: 'Çok kişi bekliyor: telefonlara yardım edin',
      }),
    ],
  },
  {
    title: {
      en: 'Lines and the box',
      hu: 'Vonalak és a készülék',
      ru: 'Линии и устройство',
      sk: 'Linky a zariadenie',
      lt: 'Linijos ir įrenginys',
      tr: 'Hatlar ve cihaz',
    },
    rows: [
      row(lampWords.inOrder, {
        en: 'Lines to the outside are in order',
        hu: 'A külső vonalak rendben vannak',
        ru: 'Внешние линии в порядке',
        sk: 'Vonkajšie linky sú v poriadku',
        lt: 'Išorinės linijos veikia',
        tr: 'Dış hatlar çalışıyor',
      }),
      row(lampWords.fault, {
        en: 'Fault: the System page says what to do',
        hu: 'Hiba: a Rendszer oldalon áll a teendő',
        ru: 'Неисправность: что делать, сказано на странице «Система»',
        sk: 'Porucha: čo robiť, je na stránke Systém',
        lt: 'Gedimas: ką daryti, parašyta puslapyje „Sistema“',
        tr: 'Arıza: ne yapılacağı Sistem sayfasında yazar',
      }),
      row(lampWords.alarm, {
        en: 'Emergency call or suspected fraud: act at once',
        hu: 'Segélyhívás vagy csalás gyanúja: azonnal intézkedjen',
        ru: 'Экстренный вызов или подозрение на мошенничество: действуйте сразу',
        sk: 'Tiesňové volanie alebo podozrenie z podvodu: konajte ihneď',
        lt: 'Pagalbos skambutis arba įtariamas sukčiavimas: veikite iš karto',
        tr: 'Acil çağrı ya da dolandırıcılık şüphesi: hemen harekete geçin',
      }),
      row(lampWords.stale, {
        en: 'Not known. If all lamps do this: check cable and power of panel and box',
        hu: 'Nem ismert. Ha minden lámpa ilyen: nézze meg a tábla és a készülék kábelét és áramát',
        ru: 'Неизвестно. Если так все лампы: проверьте кабель и питание табло и устройства',
        sk: 'Nie je známe. Ak tak svietia všetky: skontrolujte kábel a napájanie panela a zariadenia',
        lt: 'Nežinoma. Jei taip visos lemputės: patikrinkite skydelio ir įrenginio kabelį ir maitinimą',
        tr: 'Bilinmiyor. Tüm lambalar böyleyse panelin ve cihazın kablosunu ve elektriğini denetleyin',
      }),
    ],
  },
];

export const cardTexts: Record<'title' | 'intro' | 'update' | 'status', Words> = {
  title: {
    en: 'What the lamps mean',
    hu: 'Mit jelentenek a lámpák',
    ru: 'Что означают лампы',
    sk: 'Čo znamenajú kontrolky',
    lt: 'Ką reiškia lemputės',
    tr: 'Lambalar ne anlama gelir',
  },
  intro: {
    en: 'Each lamp has its name beside it. The bar shows two seconds: where it is filled, the lamp is on.',
    hu: 'Minden lámpa mellett ott a neve. A sáv két másodpercet mutat: ahol ki van töltve, ott ég a lámpa.',
    ru: 'Рядом с каждой лампой написано её имя. Полоса показывает две секунды: где она закрашена, лампа горит.',
    sk: 'Každá kontrolka má vedľa seba meno. Pruh ukazuje dve sekundy: kde je vyplnený, kontrolka svieti.',
    lt: 'Prie kiekvienos lemputės yra jos pavadinimas. Juosta rodo dvi sekundes: kur užpildyta, lemputė šviečia.',
    tr: 'Her lambanın adı yanındadır. Çubuk iki saniyeyi gösterir: dolu olan yerde lamba yanar.',
  },
  update: {
    en: 'All dark for up to ten seconds: the panel is taking over a new program. Leave it connected.',
    hu: 'Ha legfeljebb tíz másodpercig minden sötét: a tábla új programot vesz át. Ne húzza ki.',
    ru: 'Все лампы погасли не дольше чем на десять секунд: табло обновляет программу. Не отключайте его.',
    sk: 'Ak je všetko najviac desať sekúnd tmavé, panel preberá nový program. Neodpájajte ho.',
    lt: 'Jei viskas užgęsta ne ilgiau kaip dešimčiai sekundžių, skydelis diegia naują programą. Neatjunkite jo.',
    tr: 'En çok on saniye her şey sönükse panel yeni programı yüklüyor. Bağlantısını kesmeyin.',
  },
  status: {
    en: 'The small green light at the panel’s connectors is on while the box asks the panel.',
    hu: 'A tábla csatlakozóinál lévő kis zöld fény addig ég, amíg a készülék kérdezi a táblát.',
    ru: 'Маленький зелёный огонёк у разъёмов табло горит, пока устройство его опрашивает.',
    sk: 'Malé zelené svetlo pri konektoroch panela svieti, kým sa ho zariadenie pýta.',
    lt: 'Maža žalia švieselė prie skydelio jungčių šviečia, kol įrenginys jį apklausia.',
    tr: 'Panelin bağlantı yerindeki küçük yeşil ışık, cihaz paneli yokladığı sürece yanar.',
  },
};

/** Seconds on, off, on … of a flashing pattern, as the panel's protocol has them; undefined: always lit. */
export function secondsOf(protocol: string, pattern: LampState['pattern']): number[] | undefined {
  const name = pattern === 'double' ? 'double flash' : pattern;
  const line = protocol.split('\n').find((one) => one.startsWith(`| ${name} |`));
  if (!line) throw new Error(`the protocol does not say what ${name} is`);
  const parts = [...line.matchAll(/([\d.]+) s (on|off)/g)].map(([, seconds]) => Number(seconds));
  return parts.length > 0 ? parts : undefined;
}
