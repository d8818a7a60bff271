import type { ChildProcess } from 'node:child_process';

/** Resolves when the process has told that it is ready; before that it may have told that it lives. */
export function untilReady(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.on('message', (message: { ready?: true }) => {
      if (message.ready) resolve(message);
    });
  });
}
