/** The vectors of RFC 4475 and RFC 5118, with what is expected of each (test/vectors/rfc4475/README.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TortureMessage {
  file: string;
  section: string;
  title: string;
  expect: 'accepted' | 'dropped' | { status: number };
  /** What the engine answers by itself although it is well-formed. */
  answer?: number;
  why?: string;
  reconstructed?: boolean;
  bytes: Buffer;
}

const vectors = join(import.meta.dirname, '../vectors');

export function tortureMessages(rfc: 'rfc4475' | 'rfc5118'): TortureMessage[] {
  const index: Omit<TortureMessage, 'bytes'>[] = JSON.parse(
    readFileSync(join(vectors, rfc, 'index.json'), 'utf8'),
  );
  return index.map((each) => ({ ...each, bytes: readFileSync(join(vectors, rfc, each.file)) }));
}
