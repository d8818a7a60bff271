/**
 * Typed events: a map of name -> argument tuple. A listener that throws does not keep the others from hearing;
 * what it threw goes to `onListenerError`, by default an uncaught exception, because nobody expected it.
 */
export class Emitter<Events extends { [Name in keyof Events]: unknown[] }> {
  readonly #listeners: { [Name in keyof Events]?: Set<(...args: Events[Name]) => void> } = {};

  /** Listens; returns the function that stops listening. */
  on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): () => void {
    const set = this.#listeners[name] ?? new Set<(...args: Events[Name]) => void>();
    this.#listeners[name] = set;
    set.add(listener);
    return () => void set.delete(listener);
  }

  /** Listens for the next event only. */
  once<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): () => void {
    const stop = this.on(name, (...args: Events[Name]) => {
      stop();
      listener(...args);
    });
    return stop;
  }

  /** Tells every listener. Public so that the owner of the emitter can be another object. */
  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    const set = this.#listeners[name];
    if (!set) return;
    for (const listener of [...set]) {
      try {
        listener(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  listenerCount(name: keyof Events): number {
    return this.#listeners[name]?.size ?? 0;
  }
}
