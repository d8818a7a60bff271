/** Slovenčina. Keys and notes as in en.ts; the polite form throughout. The box is „ústredňa“. */
import { skAccess } from './sk-access.ts';
import { skBackup } from './sk-backup.ts';
import { skCallTest } from './sk-call-test.ts';
import { skCalls } from './sk-calls.ts';
import { skCodes } from './sk-codes.ts';
import { skDesk } from './sk-desk.ts';
import { skDialling } from './sk-dialling.ts';
import { skFace } from './sk-face.ts';
import { skFigures } from './sk-figures.ts';
import { skHistory } from './sk-history.ts';
import { skHours } from './sk-hours.ts';
import { skImports } from './sk-imports.ts';
import { skLamps } from './sk-lamps.ts';
import { skOutbound } from './sk-outbound.ts';
import { skPages } from './sk-pages.ts';
import { skPrompts } from './sk-prompts.ts';
import type { Catalogue } from './translate.ts';

export const sk: Catalogue = {
  'app.name': 'Cordboard',

  'action.cancel': 'Zrušiť',
  'action.close': 'Zavrieť',
  'action.copy': 'Kopírovať',
  'action.copied': 'Skopírované',
  'action.copyThing': 'Kopírovať: {thing}',
  'action.delete': 'Odstrániť',
  'action.discard': 'Zahodiť zmeny',
  'action.download': 'Stiahnuť',
  'action.reload': 'Znova načítať stránku',
  'action.remove': 'Odobrať',
  'action.save': 'Uložiť',
  'action.signOut': 'Odhlásiť sa',
  'action.tryAgain': 'Skúsiť znova',

  'state.loading': 'Načítava sa',
  'state.loadFailed': 'Toto sa nepodarilo načítať',
  'state.saving': 'Ukladá sa',

  'place.live': 'Práve teraz',
  'place.calls': 'Hovory',
  'place.queues': 'Rady',
  'place.agents': 'Operátori',
  'place.users': 'Prístupy',
  'place.extensions': 'Klapky',
  'place.ivr': 'Hlasové menu',
  'place.trunks': 'Vonkajšie linky',
  'place.numbers': 'Čísla',
  'place.recordings': 'Nahrávky',
  'place.prompts': 'Hlásenia',
  'place.panel': 'Panel kontroliek',
  'place.system': 'Systém',
  'place.softphone': 'Volať odtiaľto',

  'shell.places': 'Stránky',
  'shell.skip': 'Prejsť na obsah stránky',
  'shell.language': 'Jazyk',
  'shell.theme': 'Svetlý alebo tmavý vzhľad',
  'shell.preferences': 'Jazyk, svetlý alebo tmavý vzhľad',
  'shell.broken': 'Táto stránka sa pokazila',
  'shell.demo': 'Ukážka: všetci v tejto kancelárii sú simulovaní a nič z toho sa neuchová.',
  'shell.connectionLost': 'Spojenie s ústredňou sa prerušilo. Vidíte stav, aký bol o',
  'shell.connectionResumes': 'Len čo bude ústredňa dostupná, obnoví sa to samo; hovorov sa to netýka.',
  'theme.auto': 'Podľa systému',
  'theme.light': 'Svetlý',
  'theme.dark': 'Tmavý',

  'strip.trunks': 'Linky {up}/{all}',
  'strip.noTrunks': 'Žiadne vonkajšie linky',
  'strip.waiting': 'čaká',
  'strip.faults': {
    one: '{count} porucha',
    few: '{count} poruchy',
    many: '{count} poruchy',
    other: '{count} porúch',
  },

  'field.name': 'Názov',
  'field.personName': 'Meno',
  'field.number': 'Číslo',
  'field.numberOptional': 'Číslo (môže zostať prázdne)',
  'field.state': 'Stav',
  'field.since': 'Ako dlho',
  'field.promptLanguage': 'Jazyk hlásení',
  'field.officeLanguage': 'Jazyk kancelárie',
  'unit.seconds': 'sekúnd',
  'unit.calls': 'hovorov',

  'form.saved': 'Uložené: {thing}.',
  'form.deleted': 'Odstránené: {thing}.',
  'form.deleteTitle': 'Odstrániť: {thing}?',
  'form.deleteThing': 'Odstrániť: {thing}',
  'form.leaveTitle': 'Odísť bez uloženia?',
  'form.leaveText': 'Zmeny na tejto stránke ešte nie sú uložené a stratia sa.',
  'form.leaveAction': 'Odísť',

  'notFound.title': 'Nenájdené',
  'notFound.head': 'Taká stránka neexistuje',
  'notFound.text': 'Adresa je možno stará alebo stránka nie je pre vás.',
  'notFound.thing': 'Toto už neexistuje',
  'notFound.thingText': 'Bolo to odstránené alebo je adresa chybná.',

  'unreachable.title': 'Ústredňa neodpovedá',
  'unreachable.text':
    'Hovory možno prebiehajú; len táto stránka sa k ústredni nedostane. Skontrolujte, či ste v sieti kancelárie.',

  'claim.title': 'Uvedenie ústredne do prevádzky',
  'claim.intro': 'Zadajte kód vlastníka, ktorý sa vypísal pri spustení ústredne, a zvoľte heslo správcu.',
  'claim.code': 'Kód vlastníka',
  'claim.codeHelp': 'Je vypísaný v okne, kde bol spustený ./scripts/start.',
  'claim.nameHelp': 'Odteraz sa budete prihlasovať týmto menom.',
  'claim.action': 'Uviesť do prevádzky',
  'login.title': 'Prihlásenie',
  'login.name': 'Meno',
  'login.password': 'Heslo',
  'login.action': 'Prihlásiť sa',
  'password.rule': 'Najmenej {count} znakov; niekoľko slov sa ľahko pamätá a ťažko háda.',
  'password.missing': {
    one: 'Chýba {count} znak.',
    few: 'Chýbajú {count} znaky.',
    many: 'Chýba {count} znaku.',
    other: 'Chýba {count} znakov.',
  },
  'firstRun.title': 'Ako chcete začať?',
  'firstRun.intro': 'Všetko sa dá neskôr zmeniť.',
  'firstRun.sample': 'Začať so vzorovou kanceláriou',
  'firstRun.sampleText':
    'Tri klapky, dvaja operátori, menu s privítaním a rad: zaregistrujte softvérový telefón a hneď volajte.',
  'firstRun.empty': 'Začať od prázdna',
  'firstRun.emptyText': 'Nič nie je nastavené; klapky, operátorov a vonkajšie linky pridáte sami.',
  ...skDialling,
  ...skHistory,
  ...skHours,
  ...skCallTest,
  ...skFace,
  ...skImports,
  ...skLamps,
  ...skFigures,
  ...skOutbound,
  ...skPages,
  ...skCodes,
  ...skPrompts,
  ...skAccess,
  ...skCalls,
  ...skBackup,
  ...skDesk,
};
