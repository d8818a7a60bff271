/**
 * Renders the built-in prompts into an instance's data directory (CORDBOARD_DATA), so that the first call finds
 * them; what is there already is kept. Part of set-up; the appliance renders an office's own texts by itself.
 *
 *     node scripts/render-prompts.ts
 */
import { join } from 'node:path';
import { errorMessage } from '../src/base/errors.ts';
import { createLogger } from '../src/base/log.ts';
import { readConfig } from '../src/config.ts';
import { languages } from '../src/domain/settings.ts';
import { PromptStore } from '../src/prompts/prompt-store.ts';

const dir = join(readConfig(process.env).dataDir, 'prompts');
const store = new PromptStore({ dir, log: createLogger('prompts') });
const isTerminal = process.stdout.isTTY;
try {
  const outcome = await store.ensureRendered({ texts: {}, languages, prune: false }, (done, total) => {
    if (isTerminal) process.stdout.write(`\rprompts: ${done} of ${total}`);
  });
  if (isTerminal && outcome.rendered > 0) process.stdout.write('\r');
  console.log(`prompts: ${outcome.rendered} rendered, ${outcome.kept} up to date in ${dir}`);
  for (const { promptId, language, message } of outcome.failed)
    console.error(`prompt ${promptId} (${language}) failed: ${message}`);
  if (outcome.failed.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(`prompts: ${errorMessage(error)}`);
  process.exitCode = 1;
}
