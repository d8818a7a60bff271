/** Hungarian words of the agent’s desk. */
import type { enDesk } from './en-desk.ts';
import type { Message } from './translate.ts';

export const huDesk: Record<keyof typeof enDesk, Message> = {
  'place.desk': 'Asztalom',
  'desk.status': 'Állapotom',
  'desk.break': 'Szünet',
  'desk.breakReason': 'A szünet oka',
  'desk.unpaid': 'fizetetlen',
  'desk.logOut': 'Kijelentkezés a hívásokból',
  'desk.call': 'A hívás',
  'desk.noCall': 'Most nincs hívás',
  'desk.noCallText': 'Amikor csörög a telefonja, itt látja, ki hív, melyik várósorból, és mi volt korábban.',
  'desk.noPhoneText':
    'A(z) {number} számú telefonja nincs csatlakoztatva: nem éri el hívás. Kapcsolja be, vagy szóljon a telefonok felelősének.',
  'desk.noAgent': 'Ön nem fogad hívásokat',
  'desk.noAgentText':
    'Ez a belépés egyetlen munkatárshoz sem tartozik. A kettőt a rendszergazda a Belépéseknél kötheti össze.',
  'desk.agentGone': 'A belépéshez tartozó munkatárs már nincs beállítva. Forduljon a rendszergazdához.',
  'desk.ringing': 'Csörög a telefonja',
  'desk.ringingTitle': '{caller} hív',
  'desk.wrapUp': 'Utómunka',
  'desk.lastCall': 'Legutóbbi hívás',
  'desk.queue': 'Sor',
  'desk.waited': 'Várt',
  'desk.dialled': 'Hívott szám',
  'desk.wrapUpLeft': 'Következő hívás ennyi idő múlva:',
  'desk.dispositionFirst':
    'Válassza ki, hogyan végződött a hívás. A következő hívás legkésőbb ennyi idő múlva jön:',
  'desk.readyNow': 'Kész vagyok',
  'desk.moreTime': 'Még {seconds} mp',
  'desk.note': 'Jegyzet',
  'desk.noteHelp': 'Gépelés közben mentődik.',
  'desk.noteSaved': 'Elmentve',
  'desk.noteWaiting': 'Ebben a böngészőben megvan; elmentődik, amint a központ elérhető.',
  'desk.noteRefused':
    'A központ nem fogadta el a jegyzetet: a hívás nem az öné, vagy több mint egy napja véget ért. Másolja ki a szöveget, ha szüksége van rá.',
  'desk.disposition': 'A hívás eredménye',
  'desk.needsNote': 'Ehhez jegyzet kell ({name}): írja meg, majd válassza újra.',
  'desk.history': 'Korábbi hívások',
  'desk.noHistory': 'Ezzel a számmal még nem volt hívás az ön várósoraiban.',
  'desk.notAnswered': 'nem fogadott',
  'desk.notReached': 'nem érték el',
  'desk.outgoing': 'Mi hívtuk',
  'desk.putAway': 'Félretesz',
  'desk.queues': 'Várakozók a soraimban',
  'desk.noQueues': 'Még egyik várósorban sincs benne.',
  'desk.lastCalls': 'Legutóbbi hívásaim',
  'desk.noLastCalls': 'Itt lesznek a hívásai.',
  'desk.noDisposition': 'Még nincs eredmény',
  'desk.openCall': 'Megnyitás jegyzeteléshez',
  'desk.callBack': 'Visszahívás',
};
