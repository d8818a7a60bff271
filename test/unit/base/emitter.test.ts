import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/base/emitter.ts';

describe('the typed emitter', () => {
  it('tells every listener in order, and none that has stopped listening', () => {
    const emitter = new Emitter<{ said: [word: string] }>();
    const heard: string[] = [];
    const stop = emitter.on('said', (word) => heard.push(`1 ${word}`));
    emitter.on('said', (word) => heard.push(`2 ${word}`));
    emitter.emit('said', 'a');
    stop();
    stop();
    emitter.emit('said', 'b');
    expect(heard).toEqual(['1 a', '2 a', '2 b']);
    expect(emitter.listenerCount('said')).toBe(1);
  });

  it('tells a listener of one event just once', () => {
    const emitter = new Emitter<{ said: [] }>();
    let heard = 0;
    emitter.once('said', () => heard++);
    emitter.emit('said');
    emitter.emit('said');
    expect(heard).toBe(1);
  });

  it('lets a listener stop listening while it is told, without the others missing anything', () => {
    const emitter = new Emitter<{ said: [] }>();
    const heard: number[] = [];
    const stop = emitter.on('said', () => {
      heard.push(1);
      stop();
    });
    emitter.on('said', () => heard.push(2));
    emitter.emit('said');
    emitter.emit('said');
    expect(heard).toEqual([1, 2, 2]);
  });
});
