/** Where a call goes next, as one list of all the places there are. */
import type { VNode } from 'preact';
import type { Destination } from '../../src/domain/settings.ts';
import { t } from '../i18n/translate.ts';
import { useList } from '../state/load.ts';
import { useNames } from '../state/names.ts';
import { promptName, usePromptIds } from '../state/prompts.ts';
import { type Choice, SelectField } from './form.tsx';

function encode(destination: Destination): string {
  switch (destination.kind) {
    case 'ivr':
      return `ivr ${destination.ivrMenuId}`;
    case 'queue':
      return `queue ${destination.queueId}`;
    case 'extension':
      return `extension ${destination.extensionId}`;
    case 'announcement':
      return `announcement ${destination.promptId}`;
    case 'hang-up':
      return 'hang-up';
  }
}

function decode(text: string): Destination {
  const [kind, id = ''] = text.split(' ');
  if (kind === 'ivr') return { kind, ivrMenuId: id };
  if (kind === 'queue') return { kind, queueId: id };
  if (kind === 'announcement') return { kind, promptId: id };
  if (kind === 'extension') return { kind, extensionId: id };
  return { kind: 'hang-up' };
}

export function DestinationField(props: {
  label: string;
  help?: string;
  error?: string | undefined;
  value: Destination;
  onInput: (value: Destination) => void;
}): VNode {
  const names = useNames();
  const menus = useList('listIvrMenus').list?.items ?? [];
  const queues = useList('listQueues').list?.items ?? [];
  const extensions = useList('listExtensions').list?.items ?? [];
  const prompts = usePromptIds();
  const choices: Choice<string>[] = [
    ...menus.map((menu) => ({
      value: `ivr ${menu.id}`,
      label: t('destination.toIvr', { name: menu.name }),
    })),
    ...queues.map((queue) => ({
      value: `queue ${queue.id}`,
      label: t('destination.toQueue', { name: queue.name }),
    })),
    ...extensions.map((extension) => ({
      value: `extension ${extension.id}`,
      label: t('destination.toExtension', { name: `${extension.number} ${extension.name}` }),
    })),
    ...(prompts ?? []).map((promptId) => ({
      value: `announcement ${promptId}`,
      label: t('destination.toAnnouncement', { name: promptName(promptId) }),
    })),
    { value: 'hang-up', label: t('destination.hangUp') },
  ];
  const value = encode(props.value);
  // A place that was deleted, or whose list is still under way, stays what it is until somebody chooses.
  if (!choices.some((choice) => choice.value === value))
    choices.unshift({ value, label: names.destination(props.value) });
  return (
    <SelectField
      label={props.label}
      help={props.help}
      error={props.error}
      value={value}
      choices={choices}
      onInput={(chosen) => props.onInput(decode(chosen))}
    />
  );
}
