/**
 * The one base error. `code` is stable and part of the contract (API problem codes, logs, tests); the message is
 * for people and says what happened and what to do.
 */
export class CordboardError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CordboardError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Every code there is, with what it means. Add a line here before throwing a new one. */
export const errorCodes = {
  'settings.invalid': 'The settings document breaks its schema; the last good one stays in force.',
  'settings.conflict': 'The settings changed since they were read; read them again.',
  'settings.not-empty': 'The office has something in it already; a sample goes into an empty one only.',
  'settings.unreadable': 'The settings file cannot be read as JSON.',
  'not-found': 'The thing named does not exist.',
  'in-use': 'The thing is used by something else and cannot be removed.',
  'port-in-use': 'Another program listens on this port.',
  'port-refused': 'The system does not let us listen on this address and port.',
  'ports-exhausted': 'No free RTP port is left in the configured range.',
  'control.disconnected': 'The engine behind the control socket is not there.',
  'control.bad-request': 'A control request breaks its schema.',
  'media.unknown-leg': 'The media engine has no leg of this id.',
  'media.bad-state': 'The media engine cannot do this in the present state of the leg.',
  'media.no-file': 'A file to be played is missing or no sound file.',
  'media.worker-died': 'The mediasoup worker ended unexpectedly.',
  'sdp.invalid': 'The session description cannot be parsed.',
  'sdp.no-common-codec': 'The peer offers no codec that this system speaks.',
  'sdp.encryption-required': 'Audio must be encrypted here, and the peer offers it plain.',
  'sdp.encryption-refused': 'The peer takes encrypted audio only, and encryption is off here.',
  'sdp.encryption-unknown': 'The peer encrypts audio only in ways that this system does not speak.',
  'sip.engine-down': 'The SIP engine is not there.',
  'sip.rejected': 'The peer refused the request.',
  'sip.timeout': 'The peer did not answer in time.',
  'sip.cancelled': 'The request was cancelled by this side.',
  'dial.no-contact': 'The extension has no phone registered.',
  'dial.no-trunk': 'No trunk can take this call.',
  'capacity.busy': 'The capacity test runs while no call is up only, and once at a time.',
  'capacity.impossible': 'The capacity of this machine cannot be measured as it is set up.',
  'disposition.missing': 'The queue wants to know how the call ended before the agent is ready.',
  overloaded: 'This machine has too much to do to take another call.',
  'dial.bad-number': 'The number cannot be dialled.',
  'disk.full': 'The disk is full.',
  'disk.failed': 'The disk refused a write.',
  'auth.required': 'Sign in first.',
  'auth.forbidden': 'This role may not do that.',
  'auth.failed': 'Wrong name, password or code.',
  'auth.code': 'The code is wrong.',
  'auth.code-used': 'This code was used already; wait for the next one.',
  'auth.ticket': 'Signing in took too long; begin again.',
  'auth.enrol': 'This role needs a second factor; set it up first.',
  'auth.factor-required': 'This role needs a second factor; it can be replaced, not removed.',
  'auth.wall': 'This wallboard link is not valid, or no longer.',
  'auth.claimed': 'This office has been claimed already; sign in instead.',
  'auth.last-admin': 'The last admin cannot be removed.',
  'auth.rate-limited': 'Too many attempts; wait and try again.',
  'request.invalid': 'The request breaks its schema.',
  'request.host': 'The address this was asked by is not one of this box.',
  'request.origin': 'The request came from a page of another site.',
  'request.too-large': 'The request body is too large.',
  'secret.unreadable': 'A sealed secret, or the key that seals, cannot be read.',
  'recording.running': 'The recording still runs; it can be heard and removed when the talk is over.',
  'prompt.invalid': 'The uploaded sound cannot be read.',
  'import.unreadable': 'The uploaded table cannot be read to its end.',
  'import.gone': 'The uploaded file or import is no longer here; choose the file again.',
  'import.busy': 'The import cannot be begun or stored now.',
  'backup.invalid': 'The file is no backup of this program, or it is damaged.',
  'backup.newer': 'The backup was made by a newer version of this program.',
  'backup.passphrase': 'The passphrase is not the one of the backup.',
  'backup.busy': 'Another backup or restore is under way, or calls are.',
  'program.missing': 'A program that this needs is not installed.',
  'program.failed': 'A program that this runs ended with an error.',
  'panel.port': 'The serial port cannot be opened.',
  'panel.no-alarm-lamp': 'No lamp of the panel shows emergency calls or the guard.',
  'panel.firmware': 'The file is no firmware for this lamp panel, or it is damaged.',
  'panel.update': 'The lamp panel did not take its new firmware; it goes on with the one it had.',
  internal: 'An unexpected failure; the log has the details.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The message of anything thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
