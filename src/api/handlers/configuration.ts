/** Extensions, agents, queues, IVR menus, trunks and numbers. Users are in `users.ts`. */
import { randomId } from '../../base/ids.ts';
import type { Agent, Extension, InboundNumber, IvrMenu, Queue, Trunk } from '../../domain/settings.ts';
import type { EndpointParsedBody, EndpointResponse } from '../contract.ts';
import type { SettingsPort } from '../ports.ts';
import { notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { validated } from '../settings-change.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { listHandlers } from './list-handlers.ts';

export interface ConfigurationParts {
  editor: SettingsEditor;
  settings: Pick<SettingsPort, 'revealed'>;
  /** Where phones register. */
  sip: SipAddress;
}

/** Addresses at which phones reach this box, best first. */
export interface SipAddress {
  servers(): string[];
  /** UDP and TCP. */
  port: number;
  tlsPort: number;
}

/** 120 random bits in characters that survive being typed into a phone. */
export function newSipSecret(): string {
  return randomId(24);
}

/** What may be shown of an extension. */
export function extensionView({ secret: _, ...rest }: Extension): EndpointResponse<'getExtension'> {
  return rest;
}

function trunkView({ secret, ...rest }: Trunk): EndpointResponse<'getTrunk'> {
  return { ...rest, hasSecret: secret !== undefined };
}

type ConfigurationNames =
  | `${'get' | 'create' | 'replace' | 'delete'}${'Extension' | 'Agent' | 'Queue' | 'IvrMenu' | 'Trunk' | 'Number'}`
  | `list${'Extensions' | 'Agents' | 'Queues' | 'IvrMenus' | 'Trunks' | 'Numbers'}`
  | 'extensionSecret';

export function configurationHandlers(parts: ConfigurationParts): HandlersOf<ConfigurationNames> {
  const { editor } = parts;
  const nameOf = (input: { name: string }): string => input.name;

  const extensions = listHandlers<
    'extensions',
    EndpointParsedBody<'createExtension'>,
    EndpointResponse<'getExtension'>
  >(editor, {
    section: 'extensions',
    word: 'extension',
    nameOf,
    view: extensionView,
    item: ({ secret, ...rest }, id, before) => ({
      ...rest,
      id,
      secret: secret ?? before?.secret ?? newSipSecret(),
    }),
  });
  const agents = listHandlers<'agents', EndpointParsedBody<'createAgent'>, Agent>(editor, {
    section: 'agents',
    word: 'agent',
    nameOf,
    view: (agent) => agent,
    item: (input, id) => ({ ...input, id }),
  });
  const queues = listHandlers<'queues', EndpointParsedBody<'createQueue'>, Queue>(editor, {
    section: 'queues',
    word: 'queue',
    nameOf,
    view: (queue) => queue,
    item: (input, id) => ({ ...input, id }),
  });
  const ivrMenus = listHandlers<'ivrMenus', EndpointParsedBody<'createIvrMenu'>, IvrMenu>(editor, {
    section: 'ivrMenus',
    word: 'ivr-menu',
    nameOf,
    view: (menu) => menu,
    item: (input, id) => ({ ...input, id }),
  });
  const trunks = listHandlers<'trunks', EndpointParsedBody<'createTrunk'>, EndpointResponse<'getTrunk'>>(
    editor,
    {
      section: 'trunks',
      word: 'trunk',
      nameOf,
      view: trunkView,
      item: ({ secret, ...rest }, id, before) => {
        const kept = secret === undefined ? before?.secret : secret;
        return { ...rest, id, ...(typeof kept === 'string' ? { secret: kept } : {}) };
      },
    },
  );
  const numbers = listHandlers<'numbers', EndpointParsedBody<'createNumber'>, InboundNumber>(editor, {
    section: 'numbers',
    word: 'number',
    nameOf: (input) => input.number,
    view: (number) => number,
    item: (input, id) => ({ ...input, id }),
  });

  return {
    listExtensions: extensions.list,
    getExtension: extensions.get,
    createExtension: extensions.create,
    replaceExtension: extensions.replace,
    deleteExtension: extensions.remove,
    listAgents: agents.list,
    getAgent: agents.get,
    createAgent: agents.create,
    replaceAgent: agents.replace,
    deleteAgent: agents.remove,
    listQueues: queues.list,
    getQueue: queues.get,
    createQueue: queues.create,
    replaceQueue: queues.replace,
    deleteQueue: queues.remove,
    listIvrMenus: ivrMenus.list,
    getIvrMenu: ivrMenus.get,
    createIvrMenu: ivrMenus.create,
    replaceIvrMenu: ivrMenus.replace,
    deleteIvrMenu: ivrMenus.remove,
    listTrunks: trunks.list,
    getTrunk: trunks.get,
    createTrunk: trunks.create,
    replaceTrunk: trunks.replace,
    deleteTrunk: trunks.remove,
    listNumbers: numbers.list,
    getNumber: numbers.get,
    createNumber: numbers.create,
    replaceNumber: numbers.replace,
    deleteNumber: numbers.remove,

    extensionSecret: async (request) => {
      const { id } = request.params;
      const find = (list: readonly Extension[]): Extension => {
        const found = list.find((e) => e.id === id);
        if (!found) throw notFound(`extension ${id}`);
        return found;
      };
      find(editor.current.extensions);
      if (request.body.new) {
        const secret = newSipSecret();
        await editor.edit(request, {
          action: 'extension.new-secret',
          target: () => id,
          apply: (now) => {
            const old = find(now.extensions);
            return validated({
              ...now,
              extensions: now.extensions.map((e) => (e === old ? { ...e, secret } : e)),
            });
          },
        });
      } else editor.record(request, 'extension.show-secret', id);
      const extension = find(parts.settings.revealed.extensions);
      return {
        userName: extension.number,
        secret: extension.secret,
        digest: extension.digest,
        servers: parts.sip.servers(),
        port: parts.sip.port,
        tlsPort: parts.sip.tlsPort,
        transports: ['udp', 'tcp', 'tls'],
      };
    },
  };
}
