/** The panel's lamps as they shine: colour, and the pattern both moving and in words. */
import type { VNode } from 'preact';
import type { LampState } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useNames } from '../../state/names.ts';

type Shows = NonNullable<LampState['shows']>;

/** What a lamp shows, in words. */
export function useShowsText(): (shows: Shows | undefined) => string {
  const names = useNames();
  return (shows) => {
    if (!shows) return t('panel.unassigned');
    switch (shows.fact) {
      case 'waiting':
        return shows.queueId
          ? t('panel.waitingIn', { queue: names.queue(shows.queueId) })
          : t('panel.waitingAll');
      case 'agent':
        return t('panel.agent', { agent: names.agent(shows.agentId) });
      case 'trunks':
        return t('panel.trunks');
      case 'faults':
        return t('panel.faults');
    }
  };
}

export function LampPicture({ lamps }: { lamps: LampState[] }): VNode {
  const showsText = useShowsText();
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
          <strong>{showsText(lamp.shows)}</strong>
          <span class="quiet">
            {translateCode(`colour.${lamp.colour}`)}
            {lamp.colour !== 'off' && `, ${translateCode(`pattern.${lamp.pattern}`)}`}
          </span>
          <button
            type="button"
            class="button button-small"
            aria-label={t('panel.testThing', { lamp: String(lamp.lamp) })}
            onClick={() => void test(lamp.lamp)}
          >
            {t('panel.test')}
          </button>
        </li>
      ))}
    </ul>
  );
}
