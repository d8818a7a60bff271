/** Lithuanian words of the agent’s desk. */
import type { enDesk } from './en-desk.ts';
import type { Message } from './translate.ts';

export const ltDesk: Record<keyof typeof enDesk, Message> = {
  'place.desk': 'Mano stalas',
  'desk.status': 'Mano būsena',
  'desk.break': 'Pertrauka',
  'desk.breakReason': 'Pertraukos priežastis',
  'desk.unpaid': 'neapmokama',
  'desk.logOut': 'Atsijungti nuo skambučių',
  'desk.call': 'Skambutis',
  'desk.noCall': 'Šiuo metu skambučio nėra',
  'desk.noCallText':
    'Kai suskambės jūsų telefonas, čia matysite, kas skambina, į kurią eilę ir kas buvo anksčiau.',
  'desk.noPhoneText':
    'Jūsų telefonas {number} neprijungtas: joks skambutis jūsų nepasieks. Įjunkite jį arba kreipkitės į telefonų prižiūrėtoją.',
  'desk.noAgent': 'Jūs nepriimate skambučių',
  'desk.noAgentText':
    'Šis prisijungimas nepriklauso jokiam operatoriui. Administratorius gali juos susieti skiltyje „Prisijungimai“.',
  'desk.agentGone': 'Šio prisijungimo operatorius nebenustatytas. Kreipkitės į administratorių.',
  'desk.ringing': 'Skamba jūsų telefonas',
  'desk.ringingTitle': 'Skambina {caller}',
  'desk.wrapUp': 'Darbas po skambučio',
  'desk.lastCall': 'Paskutinis skambutis',
  'desk.queue': 'Eilė',
  'desk.waited': 'Laukė',
  'desk.dialled': 'Surinktas numeris',
  'desk.wrapUpLeft': 'Kitas skambutis po',
  'desk.dispositionFirst': 'Pasirinkite, kuo baigėsi skambutis. Kitas skambutis ateis ne vėliau kaip po',
  'desk.readyNow': 'Jau pasirengęs',
  'desk.moreTime': 'Dar {seconds} s',
  'desk.note': 'Pastaba',
  'desk.noteHelp': 'Įrašoma rašant.',
  'desk.noteSaved': 'Įrašyta',
  'desk.noteWaiting': 'Laikoma šioje naršyklėje; bus įrašyta, kai tik stotelė bus pasiekiama.',
  'desk.noteRefused':
    'Stotelė šios pastabos nepriėmė: skambutis ne jūsų arba baigėsi daugiau nei prieš parą. Jei teksto reikia, nukopijuokite jį.',
  'desk.disposition': 'Kuo baigėsi skambutis',
  'desk.needsNote': 'Pasirinkimui „{name}“ reikia pastabos: parašykite ją ir pasirinkite dar kartą.',
  'desk.history': 'Kas buvo anksčiau',
  'desk.noHistory': 'Jūsų eilėse skambučių su šiuo numeriu dar nebuvo.',
  'desk.notAnswered': 'neatsilieptas',
  'desk.notReached': 'neprisiskambinta',
  'desk.outgoing': 'Skambinome mes',
  'desk.putAway': 'Padėti į šalį',
  'desk.queues': 'Laukia mano eilėse',
  'desk.noQueues': 'Jūs dar nesate nė vienoje eilėje.',
  'desk.lastCalls': 'Mano paskutiniai skambučiai',
  'desk.noLastCalls': 'Čia bus jūsų skambučiai.',
  'desk.noDisposition': 'Rezultato dar nėra',
  'desk.openCall': 'Atverti ir papildyti',
  'desk.callBack': 'Perskambinti',
};
