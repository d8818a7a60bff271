/** Magyar. Keys and notes as in en.ts; the polite form throughout. */
import { huAccess } from './hu-access.ts';
import { huBackup } from './hu-backup.ts';
import { huCallTest } from './hu-call-test.ts';
import { huCalls } from './hu-calls.ts';
import { huCodes } from './hu-codes.ts';
import { huDesk } from './hu-desk.ts';
import { huDialling } from './hu-dialling.ts';
import { huFace } from './hu-face.ts';
import { huFigures } from './hu-figures.ts';
import { huHistory } from './hu-history.ts';
import { huHours } from './hu-hours.ts';
import { huImports } from './hu-imports.ts';
import { huLamps } from './hu-lamps.ts';
import { huOutbound } from './hu-outbound.ts';
import { huPages } from './hu-pages.ts';
import { huPrompts } from './hu-prompts.ts';
import type { Catalogue } from './translate.ts';

export const hu: Catalogue = {
  'app.name': 'Cordboard',

  'action.cancel': 'Mégse',
  'action.close': 'Bezárás',
  'action.copy': 'Másolás',
  'action.copied': 'Kimásolva',
  'action.copyThing': '{thing} másolása',
  'action.delete': 'Törlés',
  'action.discard': 'Módosítások elvetése',
  'action.download': 'Letöltés',
  'action.reload': 'Az oldal újratöltése',
  'action.remove': 'Eltávolítás',
  'action.save': 'Mentés',
  'action.signOut': 'Kijelentkezés',
  'action.tryAgain': 'Újra',

  'state.loading': 'Betöltés',
  'state.loadFailed': 'Ezt nem sikerült betölteni',
  'state.saving': 'Mentés folyamatban',

  'place.live': 'Élő',
  'place.calls': 'Hívások',
  'place.queues': 'Várósorok',
  'place.agents': 'Munkatársak',
  'place.users': 'Belépések',
  'place.extensions': 'Mellékek',
  'place.ivr': 'Hangmenü',
  'place.trunks': 'Fővonalak',
  'place.numbers': 'Hívószámok',
  'place.recordings': 'Felvételek',
  'place.prompts': 'Bemondások',
  'place.panel': 'Lámpatábla',
  'place.system': 'Rendszer',
  'place.softphone': 'Hívás innen',

  'shell.places': 'Oldalak',
  'shell.skip': 'Ugrás az oldal tartalmához',
  'shell.language': 'Nyelv',
  'shell.theme': 'Világos vagy sötét',
  'shell.preferences': 'Nyelv, világos vagy sötét',
  'shell.broken': 'Ez az oldal elromlott',
  'shell.demo': 'Bemutató: ebben az irodában mindenki szimulált, és semmi sem marad meg belőle.',
  'shell.connectionLost': 'Megszakadt a kapcsolat a készülékkel. Amit lát, az az alábbi időpont állapota:',
  'shell.connectionResumes': 'Amint a készülék elérhető, magától folytatódik; a hívásokat ez nem érinti.',
  'theme.auto': 'A rendszer szerint',
  'theme.light': 'Világos',
  'theme.dark': 'Sötét',

  'strip.trunks': 'Fővonal {up}/{all}',
  'strip.noTrunks': 'Nincs fővonal',
  'strip.waiting': 'vár',
  'strip.faults': { one: '{count} hiba', other: '{count} hiba' },

  'field.name': 'Név',
  'field.personName': 'Név',
  'field.number': 'Szám',
  'field.numberOptional': 'Szám (üres is lehet)',
  'field.state': 'Állapot',
  'field.since': 'Ideje',
  'field.promptLanguage': 'A bemondások nyelve',
  'field.officeLanguage': 'Az iroda nyelve',
  'unit.seconds': 'másodperc',
  'unit.calls': 'hívás',

  'form.saved': 'Elmentve: {thing}.',
  'form.deleted': 'Törölve: {thing}.',
  'form.deleteTitle': 'Törli ezt: {thing}?',
  'form.deleteThing': 'Törlés: {thing}',
  'form.leaveTitle': 'Mentés nélkül továbblép?',
  'form.leaveText': 'Az oldal módosításai még nincsenek elmentve, és elvesznek.',
  'form.leaveAction': 'Továbblépés',

  'notFound.title': 'Nem található',
  'notFound.head': 'Nincs ilyen oldal',
  'notFound.text': 'A cím régi lehet, vagy az oldal nem Önnek szól.',
  'notFound.thing': 'Ez már nem létezik',
  'notFound.thingText': 'Törölték, vagy hibás a cím.',

  'unreachable.title': 'A készülék nem válaszol',
  'unreachable.text':
    'A hívások ettől még mehetnek; csak ez az oldal nem éri el a készüléket. Ellenőrizze, hogy az iroda hálózatán van-e.',

  'claim.title': 'A készülék üzembe helyezése',
  'claim.intro': 'Írja be az indításkor kiírt igénylő kódot, és válasszon jelszót a rendszergazdának.',
  'claim.code': 'Igénylő kód',
  'claim.codeHelp': 'Abban az ablakban látható, ahol a ./scripts/start elindult.',
  'claim.nameHelp': 'Ezentúl ezzel a névvel lép be.',
  'claim.action': 'Üzembe helyezés',
  'login.title': 'Belépés',
  'login.name': 'Név',
  'login.password': 'Jelszó',
  'login.action': 'Belépés',
  'password.rule': 'Legalább {count} karakter; néhány szó könnyen megjegyezhető és nehezen kitalálható.',
  'password.missing': { one: 'Még {count} karakter hiányzik.', other: 'Még {count} karakter hiányzik.' },
  'firstRun.title': 'Hogyan szeretne kezdeni?',
  'firstRun.intro': 'Később mindent megváltoztathat.',
  'firstRun.sample': 'Kezdés mintairodával',
  'firstRun.sampleText':
    'Három mellék, két munkatárs, egy hangmenü üdvözléssel és egy várósor: regisztráljon egy szoftveres telefont, és máris hívhat.',
  'firstRun.empty': 'Kezdés üresen',
  'firstRun.emptyText': 'Semmi nincs beállítva; Ön veszi fel a mellékeket, munkatársakat és fővonalakat.',
  ...huDialling,
  ...huHistory,
  ...huHours,
  ...huCallTest,
  ...huFace,
  ...huImports,
  ...huLamps,
  ...huFigures,
  ...huOutbound,
  ...huPages,
  ...huCodes,
  ...huPrompts,
  ...huAccess,
  ...huCalls,
  ...huBackup,
  ...huDesk,
};
