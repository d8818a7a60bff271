/**
 * English, the language the others are translated from. Keys are `place.thing`; `{gaps}` are filled at run time; a
 * message with plural forms is chosen by `{count}`. Notes for translators stand above what needs one. Texts of codes
 * that the box sends (reasons, faults, errors) are in en-codes.ts.
 */
import { enAccess } from './en-access.ts';
import { enBackup } from './en-backup.ts';
import { enCallTest } from './en-call-test.ts';
import { enCalls } from './en-calls.ts';
import { enCodes } from './en-codes.ts';
import { enDesk } from './en-desk.ts';
import { enDialling } from './en-dialling.ts';
import { enFace } from './en-face.ts';
import { enFigures } from './en-figures.ts';
import { enHistory } from './en-history.ts';
import { enHours } from './en-hours.ts';
import { enImports } from './en-imports.ts';
import { enLamps } from './en-lamps.ts';
import { enOutbound } from './en-outbound.ts';
import { enPages } from './en-pages.ts';
import { enPrompts } from './en-prompts.ts';

const enShell = {
  'app.name': 'Cordboard',

  'action.cancel': 'Cancel',
  'action.close': 'Close',
  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'action.copyThing': 'Copy {thing}',
  'action.delete': 'Delete',
  'action.discard': 'Discard changes',
  'action.download': 'Download',
  'action.reload': 'Reload the page',
  'action.remove': 'Remove',
  'action.save': 'Save',
  'action.signOut': 'Sign out',
  'action.tryAgain': 'Try again',

  'state.loading': 'Loading',
  'state.loadFailed': 'This could not be loaded',
  'state.saving': 'Saving',

  'place.live': 'Live',
  'place.calls': 'Calls',
  'place.queues': 'Queues',
  'place.agents': 'Agents',
  'place.users': 'Sign-ins',
  'place.extensions': 'Extensions',
  'place.ivr': 'IVR menu',
  'place.trunks': 'Trunks',
  'place.numbers': 'Numbers',
  'place.recordings': 'Recordings',
  'place.prompts': 'Prompts',
  // The box with lamps on the wall or desk.
  'place.panel': 'Panel',
  'place.system': 'System',
  'place.softphone': 'Call from here',

  'shell.places': 'Pages',
  'shell.skip': 'Skip to the page',
  'shell.language': 'Language',
  'shell.theme': 'Light or dark',
  'shell.preferences': 'Language, light or dark',
  'shell.broken': 'This page broke',
  'shell.demo': 'Demo: everybody in this office is simulated, and nothing of it is kept.',
  'shell.connectionLost': 'Connection to the box lost. What you see is as it was at',
  'shell.connectionResumes':
    'It goes on by itself as soon as the box is reached; calls are not affected by this.',
  'theme.auto': 'As the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'strip.trunks': 'Trunks {up}/{all}',
  'strip.noTrunks': 'No trunks',
  'strip.waiting': 'waiting',
  'strip.faults': { one: '{count} fault', other: '{count} faults' },

  // Of a thing: a queue, a trunk, the office.
  'field.name': 'Name',
  'field.personName': 'Name',
  'field.number': 'Number',
  'field.numberOptional': 'Number (may be left empty)',
  'field.state': 'State',
  // Column of durations: how long it has been so.
  'field.since': 'For',
  'field.promptLanguage': 'Language of announcements',
  'field.officeLanguage': 'The office’s language',
  'unit.seconds': 'seconds',
  'unit.calls': 'calls',

  'form.saved': '{thing} is saved.',
  'form.deleted': '{thing} is deleted.',
  'form.deleteTitle': 'Delete {thing}?',
  'form.deleteThing': 'Delete {thing}',
  'form.leaveTitle': 'Leave without saving?',
  'form.leaveText': 'The changes on this page are not saved yet and will be lost.',
  'form.leaveAction': 'Leave',

  'notFound.title': 'Not found',
  'notFound.head': 'There is no such page',
  'notFound.text': 'The address may be old, or the page is not for you.',
  'notFound.thing': 'This does not exist any more',
  'notFound.thingText': 'It was deleted, or the address is wrong.',

  'unreachable.title': 'The box does not answer',
  'unreachable.text':
    'Calls may well go on; only this page cannot reach the box. Check that you are in the office’s network.',

  'claim.title': 'Set up this box',
  'claim.intro':
    'Enter the claim code that was printed when the box was started, and choose the administrator’s password.',
  'claim.code': 'Claim code',
  'claim.codeHelp': 'Printed in the window where ./scripts/start was run.',
  'claim.nameHelp': 'You sign in with this name from now on.',
  'claim.action': 'Set up',
  'login.title': 'Sign in',
  'login.name': 'Name',
  'login.password': 'Password',
  'login.action': 'Sign in',
  'password.rule': 'At least {count} characters; a few words are easy to remember and hard to guess.',
  'password.missing': { one: '{count} character is missing.', other: '{count} characters are missing.' },
  'firstRun.title': 'How do you want to start?',
  'firstRun.intro': 'You can change everything later.',
  'firstRun.sample': 'Start with a sample office',
  'firstRun.sampleText':
    'Three extensions, two agents, a menu with a greeting and a queue: register a softphone and call at once.',
  'firstRun.empty': 'Start empty',
  'firstRun.emptyText': 'Nothing is set up; you add your own extensions, agents and trunks.',
} as const;

export const en = {
  ...enShell,
  ...enOutbound,
  ...enDialling,
  ...enHistory,
  ...enHours,
  ...enCallTest,
  ...enFace,
  ...enFigures,
  ...enPages,
  ...enCodes,
  ...enPrompts,
  ...enAccess,
  ...enImports,
  ...enLamps,
  ...enCalls,
  ...enBackup,
  ...enDesk,
} as const;
