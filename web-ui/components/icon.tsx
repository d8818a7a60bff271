/** Small line drawings of our own, always beside a word. */
import type { VNode } from 'preact';

const paths = {
  live: 'M3 12h4l3-8 4 16 3-8h4',
  calls: 'M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2',
  queues: 'M5 6h14M5 12h14M5 18h8',
  agents:
    'M8 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M1 21a7 7 0 0 1 14 0M16 3.5a4 4 0 0 1 0 7M18 14.5a7 7 0 0 1 5 6.5',
  extensions: 'M7 2h10v20H7zM11 18h2',
  ivr: 'M12 3v5M5 21v-5h14v5M12 8v8M5 16v-4h14v4',
  trunks: 'M3 12h18M3 12l5-5M3 12l5 5M21 12l-5-5M21 12l-5 5',
  recordings: 'M4 10v4M8 6v12M12 3v18M16 7v10M20 10v4',
  prompts: 'M4 9v6h4l6 5V4L8 9zM18 8a6 6 0 0 1 0 8',
  panel: 'M3 5h18v14H3zM7.5 12h.01M12 12h.01M16.5 12h.01',
  system: 'M4 6h10M18 6h2M4 12h2M10 12h10M4 18h8M16 18h4M16 4v4M8 10v4M14 16v4',
  softphone: 'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3M5 11a7 7 0 0 0 14 0M12 18v3',
  numbers: 'M9 3L7 21M17 3l-2 18M4 9h17M3 15h17',
  lock: 'M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4',
  unlocked: 'M5 11h14v10H5zM8 11V7a4 4 0 0 1 7.5-2',
  close: 'M5 5l14 14M19 5L5 19',
  user: 'M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M4 21a8 8 0 0 1 16 0',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
