/** Names of things known by id: from the live picture, or from the settings where the reader may see them. */
import type { Destination } from '../../src/domain/settings.ts';
import { t } from '../i18n/translate.ts';
import { live } from './live.ts';
import { useList } from './load.ts';
import { promptName } from './prompts.ts';

export interface Names {
  agent: (id: string | undefined) => string;
  queue: (id: string | undefined) => string;
  trunk: (id: string | undefined) => string;
  menu: (id: string | undefined) => string;
  extension: (id: string | undefined) => string;
  destination: (destination: Destination) => string;
}

/** Looks names up; an id that nobody knows any more stands for itself. */
export function useNames(): Names {
  const now = live.value;
  const menus = useList('listIvrMenus').list?.items;
  const extensions = useList('listExtensions').list?.items;
  const names: Names = {
    agent: (id) => now?.agents.find((agent) => agent.agentId === id)?.name ?? id ?? '',
    queue: (id) => now?.queues.find((queue) => queue.queueId === id)?.name ?? id ?? '',
    trunk: (id) => now?.trunks.find((trunk) => trunk.trunkId === id)?.name ?? id ?? '',
    menu: (id) => menus?.find((menu) => menu.id === id)?.name ?? id ?? '',
    extension: (id) => {
      const extension = extensions?.find((item) => item.id === id);
      return extension ? `${extension.number} ${extension.name}` : (id ?? '');
    },
    destination: (destination) => {
      switch (destination.kind) {
        case 'ivr':
          return t('destination.toIvr', { name: names.menu(destination.ivrMenuId) });
        case 'queue':
          return t('destination.toQueue', { name: names.queue(destination.queueId) });
        case 'extension':
          return t('destination.toExtension', { name: names.extension(destination.extensionId) });
        case 'announcement':
          return t('destination.toAnnouncement', { name: promptName(destination.promptId) });
        case 'hang-up':
          return t('destination.hangUp');
      }
    },
  };
  return names;
}
