/** What a call is found by, and what a person's search words ask of it. */
import type { Call } from '../domain/call.ts';

/** The shortest run of characters that the index knows. */
const indexed = 3;
/** The end of a number tells who it is; what stands before it is written in many ways (+36 30, 06 30, 0036 30). */
const tellingDigits = 8;

/** What is written about a call by people. */
export interface Written {
  notes?: readonly { text: string }[];
  disposition?: { code: string };
}

/** Numbers, name and notes of a call, as `call_search` takes them. */
export function searchTextOf(call: Call & Written): string {
  const notes = (call.notes ?? []).map((note) => note.text);
  return [call.from, call.to, call.fromName ?? '', ...notes].filter((part) => part !== '').join(' ');
}

export interface SearchTerms {
  /** For MATCH; absent when no word is long enough. */
  match?: string;
  /** Short numbers: one of the two numbers is exactly this. */
  numbers: string[];
}

/**
 * Takes a number however it is written (of a long one its last eight digits), and words in any order, each anywhere. Words shorter than three characters are
 * passed over, unless they are digits.
 */
export function searchTerms(text: string): SearchTerms {
  const trimmed = text.trim();
  const isNumber = /^[\d\s+()./*#-]*$/.test(trimmed);
  const words = isNumber ? [trimmed.replace(/[\s()./-]/g, '').slice(-tellingDigits)] : trimmed.split(/\s+/);
  const long = words.filter((word) => [...word].length >= indexed);
  return {
    ...(long.length > 0
      ? { match: long.map((word) => `"${word.replaceAll('"', '""').replaceAll('\0', '')}"`).join(' ') }
      : {}),
    numbers: words.filter((word) => [...word].length < indexed && /^[\d*#]+$/.test(word)),
  };
}
