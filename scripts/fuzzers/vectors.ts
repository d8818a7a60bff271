/** Seeds: the vectors of the tests, and every input that ever broke something. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../test/vectors');

function filesOf(folder: string, ending: string): Buffer[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFileSync(join(path, name)));
}

export function sipVectors(): Buffer[] {
  return [...filesOf('rfc4475', '.dat'), ...filesOf('rfc5118', '.dat')];
}

export function dialogInfoVectors(): Buffer[] {
  return filesOf('dialog-info', '.xml');
}

/** Inputs that broke `target` once. */
export function findingsOf(target: string): Buffer[] {
  return filesOf(join('fuzz', target), '.bin');
}

export function panelVectors(): Buffer[] {
  const { frames } = JSON.parse(readFileSync(join(root, 'panel-frame.json'), 'utf8')) as {
    frames: { hex: string }[];
  };
  return frames.map(({ hex }) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}
