/** Every key and what it does; the single ones can be switched off. */
import type { VNode } from 'preact';
import { Dialog } from '../components/feedback.tsx';
import { CheckField } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { t } from '../i18n/translate.ts';
import { floating } from './keyboard.tsx';
import { myPlaces } from './my-places.ts';
import { chooseSingleKeys, pageShortcuts, singleKeys } from './shortcuts.ts';

type Row = [keys: string[], text: string];

export function KeyList(): VNode {
  const close = (): void => {
    floating.value = undefined;
  };
  const everywhere: Row[] = [
    [['Ctrl', 'K'], t('keys.palette')],
    [['Ctrl', 'Z'], t('keys.undo')],
    [['Ctrl', 'Enter'], t('keys.save')],
    [['Esc'], t('keys.close')],
  ];
  const lists: Row[] = [
    [['↑', '↓'], t('keys.rows')],
    [['Home', 'End'], t('keys.ends')],
    [['Enter'], t('keys.open')],
  ];
  const single: Row[] = [
    [['?'], t('keys.list')],
    [['/'], t('keys.filter')],
    [['n'], t('keys.new')],
  ];
  const go: Row[] = myPlaces.value
    .filter((place) => place.shortcut !== undefined)
    .map((place) => [['g', place.shortcut ?? ''], t(place.key as 'place.live')]);
  const page: Row[] = pageShortcuts.value.map(({ key, text }) => [[key], text]);
  return (
    <Dialog label={t('keys.title')} onClose={close} wide>
      <div class="spread">
        <h2>{t('keys.title')}</h2>
        <button type="button" class="button button-small" onClick={close}>
          <Icon name="close" />
          {t('action.close')}
        </button>
      </div>
      <div class="key-list">
        {page.length > 0 && <Keys title={t('keys.page')} rows={page} />}
        <Keys title={t('keys.everywhere')} rows={everywhere} />
        <Keys title={t('keys.inLists')} rows={lists} />
        <Keys title={t('keys.single')} rows={single} />
        <Keys title={t('keys.go')} rows={go} />
      </div>
      <CheckField
        label={t('keys.singleOn')}
        help={t('keys.singleHelp')}
        value={singleKeys.value}
        onInput={chooseSingleKeys}
      />
    </Dialog>
  );
}

function Keys({ title, rows }: { title: string; rows: Row[] }): VNode {
  return (
    <section class="stack">
      <h3>{title}</h3>
      <dl class="keys">
        {rows.map(([keys, text]) => (
          <div key={keys.join(' ')}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
