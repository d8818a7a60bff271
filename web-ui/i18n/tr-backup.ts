/** As en-backup.ts. */
export const trBackup = {
  'error.backup.invalid': 'Bu, bu programın yedeği değil ya da bozulmuş.',
  'error.backup.newer': 'Yedek daha yeni bir sürümle yapılmış. Önce bu kutuyu güncelleyin.',
  'error.backup.passphrase': 'Bu yedeğin parolası bu değil.',
  'error.backup.busy': 'Bu şimdi yapılamaz: başka bir yedekleme, geri yükleme ya da görüşmeler sürüyor.',
  'auditAction.backup.make': 'Yedek alındı',
  'auditAction.export.downloadBackup': 'Yedek indirildi',
  'backup.title': 'Yedek',
  'backup.make': 'Yedek indir',
  'backup.intro':
    'Ayarlar, oturum bilgileri, çağrı kaydı, kişi listeleri ve kendi anonslarınız, şu anki halleriyle tek dosyada. Görüşmeler sürer.',
  'backup.recordings': 'Kayıtlarla birlikte',
  'backup.recordingsHelp': '{bytes} yer tutarlar.',
  'backup.passphrase': 'Parola',
  'backup.passphraseHelp':
    'Dosyadaki telefon ve hat şifrelerini korur. Parola olmadan bunlar yalnızca bu kutuda okunabilir. Parolayı sonradan kimse söyleyemez.',
  'backup.again': 'Parola bir kez daha',
  'backup.differ': 'İkisi aynı değil.',
  'backup.tooShort': 'En az {count} karakter.',
  'backup.holds': 'İçindekiler',
  'backup.size': '{bytes} veritabanı ve anons',
  'backup.begin': 'İndir',
  'backup.ready': 'Yedek hazır; indirme başlıyor.',
  'backup.careful':
    'Dosyayı kutunun kendisi kadar iyi saklayın: arayanlarınızın adları, numaraları ve notları içindedir.',
  'backup.openlyTitle': 'Parolasız indirilsin mi?',
  'backup.openlyText': 'Başka bir kutuda telefon ve hat şifrelerinin yeniden girilmesi gerekir.',
};
