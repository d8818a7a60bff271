/**
 * A map that is never changed: `with` and `without` give a new one that shares nearly everything with the old.
 * Keys are spread over small maps, of which one is copied; with 1,000 entries that is some 50 times cheaper than
 * copying a `Map`. Order of iteration is not that of insertion.
 */
export class PersistentMap<Value> implements Iterable<[string, Value]> {
  readonly shards: readonly (ReadonlyMap<string, Value> | undefined)[];
  readonly size: number;

  /** Use `emptyPersistentMap` to begin with. */
  constructor(shards: readonly (ReadonlyMap<string, Value> | undefined)[], size: number) {
    this.shards = shards;
    this.size = size;
  }

  get(key: string): Value | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.shards[shardOf(key)]?.has(key) ?? false;
  }

  with(key: string, value: Value): PersistentMap<Value> {
    const index = shardOf(key);
    const old = this.shards[index];
    const shard = new Map(old);
    shard.set(key, value);
    return new PersistentMap(this.shards.with(index, shard), this.size + (old?.has(key) ? 0 : 1));
  }

  without(key: string): PersistentMap<Value> {
    const index = shardOf(key);
    const old = this.shards[index];
    if (!old?.has(key)) return this;
    const shard = new Map(old);
    shard.delete(key);
    return new PersistentMap(this.shards.with(index, shard.size === 0 ? undefined : shard), this.size - 1);
  }

  *[Symbol.iterator](): Generator<[string, Value]> {
    for (const shard of this.shards) if (shard) yield* shard;
  }

  *keys(): Generator<string> {
    for (const shard of this.shards) if (shard) yield* shard.keys();
  }

  *values(): Generator<Value> {
    for (const shard of this.shards) if (shard) yield* shard.values();
  }
}

const shardCount = 64;

export function emptyPersistentMap<Value>(): PersistentMap<Value> {
  return new PersistentMap<Value>(new Array(shardCount).fill(undefined), 0);
}

/** FNV-1a: keys that differ only in a counter at their end must still spread. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (shardCount - 1);
}
