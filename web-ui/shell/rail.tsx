/** The places of the house, on the left; a bar at the bottom on a phone. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Icon, type IconName } from '../components/icon.tsx';
import { type Key, t } from '../i18n/translate.ts';
import { isAdmin, isSupervisor, officeStatus } from '../state/session.ts';

interface Place {
  href: string;
  key: Key;
  icon: IconName;
  /** Least role that finds something there; an admin when not said. */
  from?: 'agent' | 'supervisor';
  /** Other paths that belong to this place. */
  also?: string[];
}

const places: Place[] = [
  { href: '/', key: 'place.live', icon: 'live', from: 'agent' },
  { href: '/calls', key: 'place.calls', icon: 'calls', from: 'agent' },
  { href: '/queues', key: 'place.queues', icon: 'queues' },
  { href: '/agents', key: 'place.agents', icon: 'agents', also: ['/users'] },
  { href: '/extensions', key: 'place.extensions', icon: 'extensions' },
  { href: '/ivr', key: 'place.ivr', icon: 'ivr' },
  { href: '/trunks', key: 'place.trunks', icon: 'trunks', also: ['/numbers'] },
  { href: '/recordings', key: 'place.recordings', icon: 'recordings', from: 'supervisor' },
  { href: '/prompts', key: 'place.prompts', icon: 'prompts' },
  { href: '/panel', key: 'place.panel', icon: 'panel' },
  { href: '/system', key: 'place.system', icon: 'system' },
  { href: '/softphone', key: 'place.softphone', icon: 'softphone', from: 'agent' },
];

function isHere(place: Place, path: string): boolean {
  if (place.href === '/') return path === '/';
  return [place.href, ...(place.also ?? [])].some((base) => path === base || path.startsWith(`${base}/`));
}

export function Rail(): VNode {
  const { path } = useLocation();
  const rail = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the bar scrolls sideways: where one is stays in sight.
    rail.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path]);
  return (
    <nav class="rail" ref={rail} aria-label={t('shell.places')}>
      <div class="rail-brand">
        <img src="/favicon.svg" alt="" />
        <span>{officeStatus.value?.officeName || t('app.name')}</span>
      </div>
      {places
        .filter(
          (place) =>
            isAdmin.value || place.from === 'agent' || (place.from === 'supervisor' && isSupervisor.value),
        )
        .map((place) => (
          <a
            key={place.href}
            class="rail-link"
            href={place.href}
            aria-current={isHere(place, path) ? 'page' : undefined}
          >
            <Icon name={place.icon} />
            <span>{t(place.key as 'place.live')}</span>
          </a>
        ))}
    </nav>
  );
}
