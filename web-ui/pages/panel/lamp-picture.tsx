/** The panel's lamps as they shine: colour, and the pattern both moving and in words. */
import type { VNode } from 'preact';
import type { LampState } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useFactText } from './facts.ts';

/** @param preview they are not on the panel: nothing to test */
export function LampPicture({ lamps, preview }: { lamps: LampState[]; preview?: boolean }): VNode {
  const factText = useFactText();
  const test = async (lamp: number): Promise<void> => {
    try {
      await api('testLamp', { body: { lamp } });
      toast(t('panel.tested', { lamp: String(lamp) }));
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <ul class="lamps">
      {lamps.map((lamp) => (
        <li key={lamp.lamp} class="panel-lamp">
          <span
            class={`bulb bulb-${lamp.colour} ${lamp.colour === 'off' ? '' : `bulb-${lamp.pattern}`}`}
            aria-hidden="true"
          />
          <span class="mono quiet">{lamp.lamp}</span>
          <strong>
            {lamp.also
              ? t('lamps.andAlso', {
                  first: factText(lamp.shows),
                  more: lamp.also.map(factText).join(', '),
                })
              : factText(lamp.shows)}
          </strong>
          <span class="quiet">
            {translateCode(`colour.${lamp.colour}`)}
            {lamp.colour !== 'off' && `, ${translateCode(`pattern.${lamp.pattern}`)}`}
          </span>
          {!preview && (
            <button
              type="button"
              class="button button-small"
              aria-label={t('panel.testThing', { lamp: String(lamp.lamp) })}
              onClick={() => void test(lamp.lamp)}
            >
              {t('panel.test')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
