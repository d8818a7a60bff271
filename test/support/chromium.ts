import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const program = '/usr/bin/chromium';

/**
 * Debian's Chromium, without a window, with a microphone that needs no permission (a beep, unless `microphoneFile`
 * is a WAV to be played instead). Close it after use.
 * @throws Error when it is not installed
 */
export function launchChromium(options: { microphoneFile?: string } = {}): Promise<Browser> {
  if (!existsSync(program)) throw new Error(`${program} is missing: run ./scripts/test, which installs it`);
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(options.microphoneFile ? [`--use-file-for-fake-audio-capture=${options.microphoneFile}`] : []),
    ],
  });
}
