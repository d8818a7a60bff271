/** As en-backup.ts. */
export const ltBackup = {
  'error.backup.invalid': 'Tai ne šios programos atsarginė kopija arba ji sugadinta.',
  'error.backup.newer': 'Kopija padaryta naujesne versija. Pirmiausia atnaujinkite šį įrenginį.',
  'error.backup.passphrase': 'Tai ne šios kopijos slaptafrazė.',
  'error.backup.busy': 'Dabar to padaryti negalima: vyksta kitas kopijavimas, atkūrimas arba skambučiai.',
  'auditAction.backup.make': 'Padaryta atsarginė kopija',
  'auditAction.export.downloadBackup': 'Atsarginė kopija atsisiųsta',
  'backup.title': 'Atsarginė kopija',
  'backup.make': 'Atsisiųsti atsarginę kopiją',
  'backup.intro':
    'Nustatymai, prisijungimai, skambučių žurnalas, kontaktų sąrašai ir savi pranešimai viename faile, tokie, kokie yra dabar. Skambučiai tęsiasi.',
  'backup.recordings': 'Su įrašais',
  'backup.recordingsHelp': 'Jie užima {bytes}.',
  'backup.passphrase': 'Slaptafrazė',
  'backup.passphraseHelp':
    'Saugo faile esančius telefonų ir linijų slaptažodžius. Be jos juos galima perskaityti tik šiame įrenginyje. Vėliau slaptafrazės niekas nepasakys.',
  'backup.again': 'Slaptafrazė dar kartą',
  'backup.differ': 'Jos nesutampa.',
  'backup.tooShort': 'Bent {count} ženklų.',
  'backup.holds': 'Kas joje yra',
  'backup.size': '{bytes} duomenų bazių ir pranešimų',
  'backup.begin': 'Atsisiųsti',
  'backup.ready': 'Kopija padaryta, atsisiuntimas prasideda.',
  'backup.careful':
    'Saugokite failą taip pat kaip patį įrenginį: jame yra jūsų skambinančiųjų vardai, numeriai ir pastabos.',
  'backup.openlyTitle': 'Atsisiųsti be slaptafrazės?',
  'backup.openlyText': 'Kitame įrenginyje telefonų ir linijų slaptažodžius tektų įvesti iš naujo.',
};
