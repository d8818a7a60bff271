/** Words of backups and their restoring. */
export const enBackup = {
  'error.backup.invalid': 'This is no backup of this program, or it is damaged.',
  'error.backup.newer': 'The backup was made by a newer version. Update this box first.',
  'error.backup.passphrase': 'This is not the passphrase of this backup.',
  'error.backup.busy': 'This cannot be done now: another backup or restore is under way, or calls are.',
  'auditAction.backup.make': 'Backup made',
  'auditAction.export.downloadBackup': 'Backup downloaded',
  'backup.title': 'Backup',
  'backup.make': 'Download a backup',
  'backup.intro':
    'Settings, sign-ins, call log, leads and your own prompts in one file, as they are at this moment. Calls go on.',
  'backup.recordings': 'With recordings',
  'backup.recordingsHelp': 'They take {bytes}.',
  'backup.passphrase': 'Passphrase',
  'backup.passphraseHelp':
    'Protects the passwords of phones and lines in the file. Without it they can be read on this box only. Nobody can tell you the passphrase later.',
  'backup.again': 'Passphrase once more',
  'backup.differ': 'The two are not the same.',
  'backup.tooShort': 'At least {count} characters.',
  'backup.holds': 'What it holds',
  'backup.size': '{bytes} of databases and prompts',
  'backup.begin': 'Download',
  'backup.ready': 'The backup is made; the download begins.',
  'backup.careful':
    'Keep the file as safe as the box itself: it holds names, numbers and notes of your callers.',
  'backup.openlyTitle': 'Download without a passphrase?',
  'backup.openlyText': 'On another box the passwords of phones and lines would have to be entered anew.',
} as const;
