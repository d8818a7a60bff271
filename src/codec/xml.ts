/**
 * The part of XML 1.0 that the bodies of SIP use: elements, attributes, text, CDATA, comments and the declaration.
 * Document types are refused, and with them entities that grow and files that are fetched. Linear in time.
 */

export interface XmlElement {
  /** Without its namespace prefix. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** All text directly within, entities replaced. */
  text: string;
}

/** Elements within elements, deeper than any format that we read. */
const maxDepth = 20;
const namePattern = /[A-Za-z_][\w.:-]*/y;
const attributePattern = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEndPattern = /\s*(\/?)>/y;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** What stands for a character that may not stand for itself; any other such is left out. */
const escapes = new Map([
  ...Object.entries(entities).map(([name, character]) => [character, `&${name};`] as const),
  ['\t', ' '] as const,
  ['\n', ' '] as const,
]);

/** The root element. @returns undefined for what is not well formed, or more than we read */
export function parseXml(text: string): XmlElement | undefined {
  return new XmlReader(text).document();
}

/** Text for between tags or within quotes. What no XML may hold (control characters, half a surrogate) is left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"'\p{Cc}\ufffd-\uffff]/gu, (character) => escapes.get(character) ?? '');
}

class XmlReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlElement | undefined {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1; // byte order mark
    if (!this.#skipAside() || this.#text[this.#at] !== '<') return undefined;
    const root = this.#element(0);
    return root && this.#skipAside() && this.#at === this.#text.length ? root : undefined;
  }

  /** Blanks, comments and instructions, around the root or between its parts. False when one does not end. */
  #skipAside(): boolean {
    for (;;) {
      while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
      if (this.#text.startsWith('<?', this.#at)) {
        if (this.#past('?>') === undefined) return false;
      } else if (this.#text.startsWith('<!--', this.#at)) {
        if (this.#past('-->') === undefined) return false;
      } else return true;
    }
  }

  /** Goes behind the next `end`. @returns what was before it; undefined when there is none */
  #past(end: string): string | undefined {
    const from = this.#at;
    const found = this.#text.indexOf(end, from);
    if (found < 0) return undefined;
    this.#at = found + end.length;
    return this.#text.slice(from, found);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #element(depth: number): XmlElement | undefined {
    this.#at++; // <
    const name = this.#match(namePattern)?.[0];
    if (name === undefined || depth > maxDepth) return undefined;
    const attributes = new Map<string, string>();
    for (let match = this.#match(attributePattern); match; match = this.#match(attributePattern)) {
      const value = replaceEntities(match[2] ?? match[3] ?? '');
      const key = match[1] as string;
      if (value === undefined || attributes.has(key)) return undefined;
      attributes.set(key, value);
    }
    const end = this.#match(tagEndPattern);
    if (!end) return undefined;
    const element: XmlElement = { name: localName(name), attributes, children: [], text: '' };
    return end[1] === '/' || this.#content(element, name, depth) ? element : undefined;
  }

  /** Up to the closing tag. False when something in it is broken. */
  #content(element: XmlElement, name: string, depth: number): boolean {
    const pieces: string[] = [];
    for (;;) {
      const text = this.#until('<');
      const plain = text === undefined ? undefined : replaceEntities(text);
      if (plain === undefined) return false;
      pieces.push(plain);
      if (this.#text.startsWith('</', this.#at)) {
        this.#at += 2;
        element.text = pieces.join('');
        return this.#match(namePattern)?.[0] === name && this.#match(tagEndPattern)?.[1] === '';
      }
      if (this.#text.startsWith('<![CDATA[', this.#at)) {
        this.#at += 9;
        const raw = this.#past(']]>');
        if (raw === undefined) return false;
        pieces.push(raw);
      } else if (this.#text.startsWith('<?', this.#at) || this.#text.startsWith('<!--', this.#at)) {
        if (!this.#skipAside()) return false;
      } else {
        const child = this.#element(depth + 1);
        if (!child) return false;
        element.children.push(child);
      }
    }
  }

  /** Up to the next `end`, which stays. */
  #until(end: string): string | undefined {
    const text = this.#past(end);
    if (text !== undefined) this.#at -= end.length;
    return text;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Undefined for an entity that XML itself does not define, and for an ampersand that begins none. */
function replaceEntities(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let broken = false;
  const replaced = text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,8}));|&/gi,
    (_whole, hex, decimal, name) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      const plain = name === undefined ? characterOf(code) : entities[name];
      if (plain === undefined) broken = true;
      return plain ?? '';
    },
  );
  return broken ? undefined : replaced;
}

function characterOf(code: number): string | undefined {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (isSurrogate || !(code > 0 && code <= 0x10_ffff)) return undefined;
  return String.fromCodePoint(code);
}
