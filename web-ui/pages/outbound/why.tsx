/** The answer to "why is nothing being dialled": every cause, and the way to remove it. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { formatDuration } from '../../components/time.tsx';
import { language, t, translateCode } from '../../i18n/translate.ts';
import { isAdmin } from '../../state/session.ts';

export type CampaignLive = EndpointResponse<'getCampaignLive'>;
type Why = CampaignLive['why'][number];

/** A cause in the reader's words; moments and durations as people read them. */
export function whyText(why: Why): string {
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(why.params))
    params[name] =
      typeof value !== 'number'
        ? value
        : name.endsWith('At')
          ? momentText(value)
          : name.endsWith('S')
            ? formatDuration(value * 1000)
            : value;
  if (why.code === 'box-full') params.what = translateCode(`shortage.${why.params.what}`);
  return translateCode(`why.${why.code}`, params);
}

function momentText(at: number): string {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return new Intl.DateTimeFormat(language.value, {
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    ...(today ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
  }).format(date);
}

/** Agents who are not free, by what they do; those that are none are not said. */
function notFreeParts(why: Why): string[] {
  return ['loggedOut', 'onBreak', 'inCall', 'offered', 'wrapUp', 'unreachable', 'missed']
    .filter((name) => Number(why.params[name] ?? 0) > 0)
    .map((name) => translateCode(`notFree.${name}`, { count: Number(why.params[name]) }));
}

/** Where a cause can be removed. */
function remedyOf(why: Why, campaign: CampaignLive): { href: string; text: string } | undefined {
  const edit = { href: `/campaigns/${campaign.campaignId}?edit=yes`, text: t('campaign.edit') };
  switch (why.code) {
    case 'no-lists':
    case 'list-gone':
    case 'no-agents':
    case 'exhausted':
    case 'lines-full':
      return edit;
    case 'list-empty':
    case 'all-done':
      return { href: '/lists/import', text: t('lists.import') };
    case 'do-not-call':
      return { href: '/do-not-call', text: t('place.doNotCall') };
    case 'no-trunk':
    case 'trunk-rests':
      return isAdmin.value ? { href: '/trunks', text: t('place.trunks') } : undefined;
    default:
      return undefined;
  }
}

export function WhyCard({ campaign }: { campaign: CampaignLive }): VNode {
  const { why, lines } = campaign;
  const idle = lines.length === 0;
  const title = why.length === 0 ? t('why.nothing') : idle ? t('why.title') : t('why.titleMore');
  return (
    <section
      class={`card why ${why.length > 0 && idle ? 'why-idle' : ''}`}
      aria-label={title}
      aria-live="polite"
    >
      <h2>{title}</h2>
      {why.length === 0 ? (
        <p class="quiet">{idle ? t('why.soon') : t('why.full')}</p>
      ) : (
        <ul>
          {why.map((cause) => {
            const remedy = remedyOf(cause, campaign);
            const parts = cause.code === 'no-agent-free' ? notFreeParts(cause) : [];
            return (
              <li key={cause.code}>
                <span>
                  {whyText(cause)}
                  {parts.length > 0 && `: ${parts.join(', ')}`}
                </span>
                {remedy && <a href={remedy.href}>{remedy.text}</a>}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
