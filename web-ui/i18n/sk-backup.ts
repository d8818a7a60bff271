/** As en-backup.ts. */
export const skBackup = {
  'error.backup.invalid': 'Toto nie je záloha tohto programu alebo je poškodená.',
  'error.backup.newer': 'Záloha pochádza z novšej verzie. Najprv aktualizujte toto zariadenie.',
  'error.backup.passphrase': 'Toto nie je heslová fráza tejto zálohy.',
  'error.backup.busy': 'Teraz to nie je možné: prebieha iná záloha alebo obnova, prípadne hovory.',
  'auditAction.backup.make': 'Záloha vytvorená',
  'auditAction.export.downloadBackup': 'Záloha stiahnutá',
  'backup.title': 'Záloha',
  'backup.make': 'Stiahnuť zálohu',
  'backup.intro':
    'Nastavenia, prihlásenia, záznam hovorov, zoznamy kontaktov a vlastné hlásenia v jednom súbore, tak ako sú práve teraz. Hovory pokračujú.',
  'backup.recordings': 'Aj s nahrávkami',
  'backup.recordingsHelp': 'Zaberajú {bytes}.',
  'backup.passphrase': 'Heslová fráza',
  'backup.passphraseHelp':
    'Chráni v súbore heslá telefónov a liniek. Bez nej sa dajú prečítať len na tomto zariadení. Neskôr vám ju nikto nepovie.',
  'backup.again': 'Heslová fráza ešte raz',
  'backup.differ': 'Nezhodujú sa.',
  'backup.tooShort': 'Aspoň {count} znakov.',
  'backup.holds': 'Čo obsahuje',
  'backup.size': '{bytes} databáz a hlásení',
  'backup.begin': 'Stiahnuť',
  'backup.ready': 'Záloha je hotová, sťahovanie sa začína.',
  'backup.careful':
    'Súbor strážte rovnako ako samo zariadenie: sú v ňom mená, čísla a poznámky o vašich volajúcich.',
  'backup.openlyTitle': 'Stiahnuť bez heslovej frázy?',
  'backup.openlyText': 'Na inom zariadení by bolo treba heslá telefónov a liniek zadať znova.',
};
