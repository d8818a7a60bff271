/** The letter of a key whatever the keyboard's alphabet: on a Russian one the key of `g` writes `п`. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'code'>): string {
  const key = event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  return letter !== undefined && !/^[\x20-\x7e]$/.test(key) ? letter.toLowerCase() : key;
}
