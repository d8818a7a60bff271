/** A menu as it would be saved: what is wrong with it, its picture, and the dry run. */
import type { VNode } from 'preact';
import type { EndpointBody } from '../../../src/api/contract.ts';
import { menuFaults } from '../../../src/domain/ivr-check.ts';
import type { Destination, IvrMenu } from '../../../src/domain/settings.ts';
import { t, translateCode } from '../../i18n/translate.ts';
import { useList } from '../../state/load.ts';
import type { Names } from '../../state/names.ts';
import { usePromptIds } from '../../state/prompts.ts';
import { DryRun } from './dry-run.tsx';
import { MenuPicture } from './menu-picture.tsx';

type Input = EndpointBody<'createIvrMenu'>;

/** A menu that is not saved yet has no id of its own. */
const unsavedId = 'this-menu-is-new';

export function MenuLook(props: { value: Input; id: string | undefined; names: Names }): VNode {
  const { value, names } = props;
  const saved = useList('listIvrMenus').list?.items ?? [];
  const queues = useList('listQueues').list?.items ?? [];
  const numbers = useList('listNumbers').list?.items ?? [];
  const trunks = useList('listTrunks').list?.items ?? [];
  const extensions = useList('listExtensions').list?.items ?? [];
  const promptIds = usePromptIds();
  const { hours: _, ...rest } = value;
  const menu: IvrMenu = {
    greeting: 'greeting',
    timeoutMs: 5000,
    maxTries: 3,
    options: [],
    otherwise: { kind: 'hang-up' },
    ...(rest as Partial<IvrMenu>),
    name: value.name,
    id: props.id ?? unsavedId,
  };
  const menus = [...saved.filter(({ id }) => id !== menu.id), menu];
  const exists = (to: Destination): boolean => {
    switch (to.kind) {
      case 'ivr':
        return menus.some(({ id }) => id === to.ivrMenuId);
      case 'queue':
        return queues.some(({ id }) => id === to.queueId);
      case 'extension':
        return extensions.some(({ id }) => id === to.extensionId);
      default:
        return true;
    }
  };
  const closed = [...numbers, ...trunks].flatMap(({ hours }) => hours?.closed ?? []);
  const faults = menuFaults(menu.id, {
    menus,
    entries: [
      ...numbers.map(({ destination }) => destination),
      ...trunks.map(({ inbound }) => inbound),
      ...queues.map(({ overflow }) => overflow),
      ...closed,
    ],
    exists,
    promptIds,
  });
  return (
    <>
      <fieldset class="fieldset">
        <legend class="field-legend">{t('ivr.checks')}</legend>
        {faults.length === 0 ? (
          <span class="field-help">{t('ivr.inOrder')}</span>
        ) : (
          <ul class="stack">
            {faults.map((fault) => (
              <li key={fault} class={fault === 'silence-ends' ? 'quiet' : 'test-warning'}>
                {translateCode(`ivr.fault.${fault}`)}
              </li>
            ))}
          </ul>
        )}
      </fieldset>
      <fieldset class="fieldset">
        <legend class="field-legend">{t('ivr.picture')}</legend>
        <MenuPicture menu={menu} menus={menus} names={names} />
      </fieldset>
      <fieldset class="fieldset">
        <legend class="field-legend">{t('ivr.dryRun')}</legend>
        <DryRun menu={menu} menus={menus} names={names} />
      </fieldset>
    </>
  );
}
