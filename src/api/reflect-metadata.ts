/**
 * The part of the Reflect metadata proposal that @peculiar/x509 needs to find its own parts (through tsyringe); it
 * brings none itself. Import this before it. What a real polyfill has put there is left alone.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = metadata.get(target) ?? new Map<unknown, unknown>();
  own.set(key, value);
  metadata.set(target, own);
}

function getOwnMetadata(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null)
    if (metadata.get(at)?.has(key)) return getOwnMetadata(key, at);
  return undefined;
}

if (!('getMetadata' in Reflect))
  Object.assign(Reflect, {
    defineMetadata,
    getMetadata,
    getOwnMetadata,
    hasMetadata: (key: unknown, target: object) => getMetadata(key, target) !== undefined,
    hasOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.has(key) ?? false,
    metadata: (key: unknown, value: unknown) => (target: object) => defineMetadata(key, value, target),
  });
