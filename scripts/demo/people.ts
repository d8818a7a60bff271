/** Who knows whom: a caller that an agent answers is found by the number shown, and the two hold a conversation. */
import type { Random } from '../fuzzers/random.ts';
import type { Metronome } from '../peers/voice.ts';
import type { Conversation, Conversations } from './speech.ts';

/** Somebody outside who can be talked to. */
export interface Outsider {
  /** An agent is on the line: speak your part, and hang up after it if the agent does not. */
  talk(part: Uint8Array, durationMs: number): void;
}

export interface Scene {
  server: { address: string; port: number };
  random: Random;
  metronome: Metronome;
  conversations: Conversations;
  /** By the number they call from, or are called at. */
  outsiders: Map<string, Outsider>;
  /** False once the demo is being stopped. */
  isOpen: () => boolean;
}

/** Around `meanMs`, and never less than a quarter of it. */
export function about(random: Random, meanMs: number): number {
  return meanMs * (0.25 + (1.5 * random.below(1000)) / 1000);
}

/** Begins a conversation of both sides. @returns the agent's part */
export function converse(scene: Scene, number: string, kind: keyof Conversations): Conversation {
  const conversation = scene.random.pick(scene.conversations[kind]);
  scene.outsiders.get(number)?.talk(conversation.customer, conversation.durationMs);
  return conversation;
}
