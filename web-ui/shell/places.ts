/**
 * Every place of the house in one table: the rail, the bar of a phone, the tabs of a page, the command palette, the
 * routes and the tests all read it. A new page is one row here (and its words).
 */
import type { ComponentType } from 'preact';
import type { IconName } from '../components/icon.tsx';
import type { Key } from '../i18n/translate.ts';
import type { PageProps } from './lazy-page.tsx';

/** Who sees a page: that role and those above it. */
export type Rank = 'agent' | 'supervisor' | 'admin';

export interface Page {
  /** `/queues`. An item of the page's list has its id behind it: `/queues/:id`. */
  path: string;
  key: Key;
  for: Rank;
  /** Only for who takes calls. */
  agentsOnly?: true;
  /**
   * The page, loaded when first opened. Left out where another page of the same place draws it as its own part
   * (`/system/history`), and for Live, which the shell holds ready.
   */
  load?: () => Promise<ComponentType<PageProps>>;
}

/** A place in the rail: one page, or several shown as tabs, the first of which opens. */
export interface Place {
  key: Key;
  icon: IconName;
  pages: readonly Page[];
  /** Not in the rail: reached from elsewhere, as one's account is from one's name. */
  apart?: true;
  /** The letter that goes there after `g`; `?` lists them. */
  shortcut?: string;
}

export const places: readonly Place[] = [
  {
    key: 'place.desk',
    icon: 'phone',
    shortcut: 'd',
    pages: [
      {
        path: '/desk',
        key: 'place.desk',
        for: 'agent',
        agentsOnly: true,
        load: async () => (await import('../pages/desk/desk.tsx')).DeskPage,
      },
    ],
  },
  {
    key: 'place.live',
    icon: 'live',
    shortcut: 'l',
    pages: [{ path: '/', key: 'place.live', for: 'agent' }],
  },
  {
    key: 'place.calls',
    icon: 'calls',
    shortcut: 'c',
    pages: [
      {
        path: '/calls',
        key: 'place.allCalls',
        for: 'agent',
        load: async () => (await import('../pages/calls/calls.tsx')).CallsPage,
      },
      {
        path: '/recordings',
        key: 'place.recordings',
        for: 'supervisor',
        load: async () => (await import('../pages/recordings.tsx')).RecordingsPage,
      },
    ],
  },
  {
    key: 'place.queues',
    icon: 'queues',
    shortcut: 'q',
    pages: [
      {
        path: '/queues',
        key: 'place.queues',
        for: 'admin',
        load: async () => (await import('../pages/queues.tsx')).QueuesPage,
      },
      {
        path: '/ivr',
        key: 'place.ivr',
        for: 'admin',
        load: async () => (await import('../pages/ivr.tsx')).IvrPage,
      },
      {
        path: '/prompts',
        key: 'place.prompts',
        for: 'admin',
        load: async () => (await import('../pages/prompts.tsx')).PromptsPage,
      },
    ],
  },
  {
    key: 'place.people',
    icon: 'people',
    shortcut: 'p',
    pages: [
      {
        path: '/agents',
        key: 'place.agents',
        for: 'admin',
        load: async () => (await import('../pages/agents.tsx')).AgentsPage,
      },
      {
        path: '/users',
        key: 'place.users',
        for: 'admin',
        load: async () => (await import('../pages/users.tsx')).UsersPage,
      },
      {
        path: '/desk-settings',
        key: 'place.deskSettings',
        for: 'admin',
        load: async () => (await import('../pages/desk/desk-settings.tsx')).DeskSettingsPage,
      },
    ],
  },
  {
    key: 'place.outbound',
    icon: 'outbound',
    shortcut: 'o',
    pages: [
      {
        path: '/campaigns',
        key: 'place.campaigns',
        for: 'supervisor',
        load: async () => (await import('../pages/outbound/campaigns.tsx')).CampaignsPage,
      },
      {
        path: '/lists',
        key: 'place.lists',
        for: 'supervisor',
        load: async () => (await import('../pages/outbound/lists.tsx')).ListsPage,
      },
      {
        path: '/do-not-call',
        key: 'place.doNotCall',
        for: 'supervisor',
        load: async () => (await import('../pages/outbound/do-not-call.tsx')).DoNotCallPage,
      },
    ],
  },
  {
    key: 'place.reports',
    icon: 'reports',
    shortcut: 'r',
    pages: [
      {
        path: '/reports',
        key: 'place.reports',
        for: 'supervisor',
        load: async () => (await import('../pages/reports/reports.tsx')).ReportsPage,
      },
    ],
  },
  {
    key: 'place.lines',
    icon: 'lines',
    shortcut: 'h',
    pages: [
      {
        path: '/extensions',
        key: 'place.extensions',
        for: 'admin',
        load: async () => (await import('../pages/extensions.tsx')).ExtensionsPage,
      },
      {
        path: '/trunks',
        key: 'place.trunks',
        for: 'admin',
        load: async () => (await import('../pages/trunks.tsx')).TrunksPage,
      },
      {
        path: '/numbers',
        key: 'place.numbers',
        for: 'admin',
        load: async () => (await import('../pages/numbers.tsx')).NumbersPage,
      },
      {
        path: '/hours',
        key: 'place.hours',
        for: 'admin',
        load: async () => (await import('../pages/hours/hours.tsx')).HoursPage,
      },
      {
        path: '/call-test',
        key: 'place.callTest',
        for: 'admin',
        load: async () => (await import('../pages/call-test/call-test.tsx')).CallTestPage,
      },
    ],
  },
  {
    key: 'place.panel',
    icon: 'panel',
    shortcut: 'b',
    pages: [
      {
        path: '/panel',
        key: 'place.panel',
        for: 'admin',
        load: async () => (await import('../pages/panel/panel.tsx')).PanelPage,
      },
      {
        path: '/wallboards',
        key: 'place.wallboards',
        for: 'admin',
        load: async () => (await import('../pages/wallboard/editor.tsx')).WallboardsPage,
      },
    ],
  },
  {
    key: 'place.system',
    icon: 'system',
    shortcut: 's',
    pages: [
      {
        path: '/system',
        key: 'system.health',
        for: 'admin',
        load: async () => (await import('../pages/system/system.tsx')).SystemPage,
      },
      { path: '/system/settings', key: 'system.settings', for: 'admin' },
      { path: '/system/history', key: 'system.history', for: 'admin' },
      {
        path: '/system/audit',
        key: 'audit.title',
        for: 'admin',
        load: async () => (await import('../pages/system/audit.tsx')).AuditPage,
      },
      {
        path: '/system/sign-in',
        key: 'signIn.title',
        for: 'admin',
        load: async () => (await import('../pages/system/sign-in.tsx')).SignInPage,
      },
      { path: '/system/log', key: 'system.log', for: 'admin' },
      { path: '/system/guard', key: 'system.guard', for: 'admin' },
      { path: '/system/capacity', key: 'system.capacity', for: 'admin' },
      {
        path: '/system/backup',
        key: 'backup.title',
        for: 'admin',
        load: async () => (await import('../pages/system/backup.tsx')).BackupPage,
      },
      { path: '/system/certificate', key: 'system.certificate', for: 'admin' },
    ],
  },
  {
    key: 'place.softphone',
    icon: 'softphone',
    shortcut: 'f',
    pages: [
      {
        path: '/softphone',
        key: 'place.softphone',
        for: 'agent',
        load: async () => (await import('../pages/softphone/softphone.tsx')).SoftphonePage,
      },
    ],
  },
  {
    key: 'place.account',
    icon: 'user',
    apart: true,
    pages: [
      {
        path: '/account',
        key: 'place.account',
        for: 'agent',
        load: async () => (await import('../pages/account/account.tsx')).AccountPage,
      },
    ],
  },
];
