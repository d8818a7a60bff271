/** As en-backup.ts. */
export const huBackup = {
  'error.backup.invalid': 'Ez nem ennek a programnak a biztonsági mentése, vagy sérült.',
  'error.backup.newer': 'A mentést újabb verzió készítette. Előbb frissítse ezt a készüléket.',
  'error.backup.passphrase': 'Nem ez a mentés jelmondata.',
  'error.backup.busy':
    'Ez most nem lehetséges: másik mentés vagy visszaállítás folyik, vagy éppen hívások vannak.',
  'auditAction.backup.make': 'Mentés készült',
  'auditAction.export.downloadBackup': 'Mentés letöltve',
  'backup.title': 'Biztonsági mentés',
  'backup.make': 'Mentés letöltése',
  'backup.intro':
    'Beállítások, belépések, hívásnapló, ügyféllisták és saját bemondások egyetlen fájlban, pillanatnyi állapotukban. A hívások közben folytatódnak.',
  'backup.recordings': 'Felvételekkel együtt',
  'backup.recordingsHelp': 'Méretük: {bytes}.',
  'backup.passphrase': 'Jelmondat',
  'backup.passphraseHelp':
    'A fájlban lévő telefon- és vonaljelszavakat védi. Nélküle azok csak ezen a készüléken olvashatók. A jelmondatot később senki sem tudja megmondani.',
  'backup.again': 'Jelmondat még egyszer',
  'backup.differ': 'A kettő nem egyezik.',
  'backup.tooShort': 'Legalább {count} karakter.',
  'backup.holds': 'Mit tartalmaz',
  'backup.size': '{bytes} adatbázis és bemondás',
  'backup.begin': 'Letöltés',
  'backup.ready': 'A mentés elkészült, a letöltés indul.',
  'backup.careful':
    'Őrizze a fájlt olyan gondosan, mint magát a készüléket: hívói nevét, számát és a róluk írt jegyzeteket tartalmazza.',
  'backup.openlyTitle': 'Jelmondat nélkül tölti le?',
  'backup.openlyText': 'Másik készüléken a telefonok és vonalak jelszavait újra meg kellene adni.',
};
