/** Everything that is fuzzed. */
import { byteTargets } from './byte-targets.ts';
import { csvTarget } from './csv-target.ts';
import { edgeTarget } from './edge-target.ts';
import { sipTargets } from './sip-targets.ts';
import { srtpTarget } from './srtp-target.ts';
import type { FuzzTarget } from './target.ts';
import { textTargets } from './text-targets.ts';

export const targets: FuzzTarget[] = [
  ...sipTargets,
  ...textTargets,
  ...byteTargets,
  srtpTarget,
  edgeTarget,
  csvTarget,
];
