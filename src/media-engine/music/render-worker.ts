/**
 * Renders the built-in music into a file and ends: a thread of its own, because it takes a second of computing.
 */
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { encodeG711 } from '../../codec/g711.ts';
import { g711WavHeader } from '../../codec/wav.ts';
import { composeMusic } from './composition.ts';
import { renderMusic } from './synthesizer.ts';

try {
  setPriority(0, constants.priority.PRIORITY_LOW); // 0: this thread only
} catch {
  // Then it competes with the others, for a second.
}
const { file } = workerData as { file: string };
const samples = encodeG711('PCMU', renderMusic(composeMusic()));
writeFileSync(file, Buffer.concat([g711WavHeader('PCMU', 1, samples.length), samples]), { mode: 0o600 });
