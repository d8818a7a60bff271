import { constants, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies prompts rendered at set-up (`from`) into this office's directory, so that the first start need not
 * render them. Their names carry a hash of what they say: what is there already is the same sound.
 */
export async function seedPrompts(from: string, to: string): Promise<void> {
  for (const language of await readdir(join(from, 'rendered'))) {
    const source = join(from, 'rendered', language);
    const target = join(to, 'rendered', language);
    await mkdir(target, { recursive: true });
    const present = new Set(await readdir(target));
    for (const name of await readdir(source)) {
      if (!name.endsWith('.wav') || present.has(name)) continue;
      await copyFile(join(source, name), join(target, name), constants.COPYFILE_FICLONE);
    }
  }
}
