/** Lietuvių. Keys and notes as in en.ts; the polite form throughout. The box is „stotelė“. */
import { ltAccess } from './lt-access.ts';
import { ltBackup } from './lt-backup.ts';
import { ltCallTest } from './lt-call-test.ts';
import { ltCalls } from './lt-calls.ts';
import { ltCodes } from './lt-codes.ts';
import { ltDesk } from './lt-desk.ts';
import { ltDialling } from './lt-dialling.ts';
import { ltFace } from './lt-face.ts';
import { ltFigures } from './lt-figures.ts';
import { ltHistory } from './lt-history.ts';
import { ltHours } from './lt-hours.ts';
import { ltImports } from './lt-imports.ts';
import { ltLamps } from './lt-lamps.ts';
import { ltOutbound } from './lt-outbound.ts';
import { ltPages } from './lt-pages.ts';
import { ltPrompts } from './lt-prompts.ts';
import type { Catalogue } from './translate.ts';

export const lt: Catalogue = {
  'app.name': 'Cordboard',

  'action.cancel': 'Atšaukti',
  'action.close': 'Uždaryti',
  'action.copy': 'Kopijuoti',
  'action.copied': 'Nukopijuota',
  'action.copyThing': 'Kopijuoti: {thing}',
  'action.delete': 'Ištrinti',
  'action.discard': 'Atmesti pakeitimus',
  'action.download': 'Atsisiųsti',
  'action.reload': 'Įkelti puslapį iš naujo',
  'action.remove': 'Pašalinti',
  'action.save': 'Išsaugoti',
  'action.signOut': 'Atsijungti',
  'action.tryAgain': 'Bandyti dar kartą',

  'state.loading': 'Įkeliama',
  'state.loadFailed': 'Nepavyko įkelti',
  'state.saving': 'Išsaugoma',

  'place.live': 'Dabar',
  'place.calls': 'Skambučiai',
  'place.queues': 'Eilės',
  'place.agents': 'Operatoriai',
  'place.users': 'Prisijungimai',
  'place.extensions': 'Vidaus numeriai',
  'place.ivr': 'Balso meniu',
  'place.trunks': 'Išorinės linijos',
  'place.numbers': 'Numeriai',
  'place.recordings': 'Įrašai',
  'place.prompts': 'Pranešimai',
  'place.panel': 'Lempučių skydelis',
  'place.system': 'Sistema',
  'place.softphone': 'Skambinti iš čia',

  'shell.places': 'Puslapiai',
  'shell.skip': 'Pereiti prie turinio',
  'shell.language': 'Kalba',
  'shell.theme': 'Šviesi ar tamsi išvaizda',
  'shell.preferences': 'Kalba, šviesi ar tamsi išvaizda',
  'shell.broken': 'Šis puslapis sugedo',
  'shell.demo': 'Demonstracija: visi šiame biure yra imituojami, ir niekas iš to neišsaugoma.',
  'shell.connectionLost': 'Ryšys su stotele nutrūko. Matote būseną, buvusią',
  'shell.connectionResumes':
    'Viskas tęsis savaime, kai stotelė vėl bus pasiekiama; skambučiams tai įtakos neturi.',
  'theme.auto': 'Kaip sistemoje',
  'theme.light': 'Šviesi',
  'theme.dark': 'Tamsi',

  'strip.trunks': 'Linijos {up}/{all}',
  'strip.noTrunks': 'Nėra išorinių linijų',
  'strip.waiting': 'laukia',
  'strip.faults': {
    one: '{count} gedimas',
    few: '{count} gedimai',
    many: '{count} gedimo',
    other: '{count} gedimų',
  },

  'field.name': 'Pavadinimas',
  'field.personName': 'Vardas',
  'field.number': 'Numeris',
  'field.numberOptional': 'Numeris (galima nenurodyti)',
  'field.state': 'Būsena',
  'field.since': 'Kiek laiko',
  'field.promptLanguage': 'Pranešimų kalba',
  'field.officeLanguage': 'Biuro kalba',
  'unit.seconds': 'sekundžių',
  'unit.calls': 'skambučių',

  'form.saved': 'Išsaugota: {thing}.',
  'form.deleted': 'Ištrinta: {thing}.',
  'form.deleteTitle': 'Ištrinti: {thing}?',
  'form.deleteThing': 'Ištrinti: {thing}',
  'form.leaveTitle': 'Išeiti neišsaugojus?',
  'form.leaveText': 'Šio puslapio pakeitimai dar neišsaugoti ir bus prarasti.',
  'form.leaveAction': 'Išeiti',

  'notFound.title': 'Nerasta',
  'notFound.head': 'Tokio puslapio nėra',
  'notFound.text': 'Galbūt adresas senas arba puslapis skirtas ne jums.',
  'notFound.thing': 'To nebėra',
  'notFound.thingText': 'Tai ištrinta arba adresas neteisingas.',

  'unreachable.title': 'Stotelė neatsako',
  'unreachable.text':
    'Skambučiai galbūt vyksta; tik šis puslapis nepasiekia stotelės. Patikrinkite, ar esate biuro tinkle.',

  'claim.title': 'Stotelės paruošimas',
  'claim.intro':
    'Įveskite savininko kodą, išvestą paleidžiant stotelę, ir pasirinkite administratoriaus slaptažodį.',
  'claim.code': 'Savininko kodas',
  'claim.codeHelp': 'Išvestas lange, kuriame paleistas ./scripts/start.',
  'claim.nameHelp': 'Nuo šiol prisijungsite šiuo vardu.',
  'claim.action': 'Paruošti',
  'login.title': 'Prisijungimas',
  'login.name': 'Vardas',
  'login.password': 'Slaptažodis',
  'login.action': 'Prisijungti',
  'password.rule': 'Mažiausias ilgis – {count} ženklų; kelis žodžius lengva įsiminti ir sunku atspėti.',
  'password.missing': {
    one: 'Trūksta {count} ženklo.',
    few: 'Trūksta {count} ženklų.',
    many: 'Trūksta {count} ženklo.',
    other: 'Trūksta {count} ženklų.',
  },
  'firstRun.title': 'Kaip norite pradėti?',
  'firstRun.intro': 'Vėliau galėsite viską pakeisti.',
  'firstRun.sample': 'Pradėti nuo pavyzdinio biuro',
  'firstRun.sampleText':
    'Trys vidaus numeriai, du operatoriai, meniu su pasveikinimu ir eilė: prijunkite programinį telefoną ir iškart skambinkite.',
  'firstRun.empty': 'Pradėti nuo tuščio',
  'firstRun.emptyText':
    'Niekas nenustatyta; vidaus numerius, operatorius ir išorines linijas pridėsite patys.',
  ...ltDialling,
  ...ltHistory,
  ...ltHours,
  ...ltCallTest,
  ...ltFace,
  ...ltImports,
  ...ltLamps,
  ...ltFigures,
  ...ltOutbound,
  ...ltPages,
  ...ltCodes,
  ...ltPrompts,
  ...ltAccess,
  ...ltCalls,
  ...ltBackup,
  ...ltDesk,
};
