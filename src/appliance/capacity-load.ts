/** The process that loads the box in a capacity test (src/capacity), as who runs the test sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type LoopAnswer, type LoopOrder, loopEnvironment } from '../capacity/loop-protocol.ts';

/** Starts it; it waits for orders. */
export function startLoad(options: { address: string; sipPort: number; token: string }): ChildProcess {
  const { address, sipPort, token } = options;
  return fork(join(import.meta.dirname, '../capacity/loop-phones.ts'), [], {
    env: {
      ...process.env,
      [loopEnvironment.server]: `${address}:${sipPort}`,
      [loopEnvironment.address]: address,
      [loopEnvironment.token]: token,
    },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

export function order(load: ChildProcess, what: LoopOrder): void {
  load.send(what);
}

/** The next answer of this kind that fits. @throws Error when none comes in time, or the load ends */
export function answerOf<Kind extends LoopAnswer['answer']>(
  load: ChildProcess,
  kind: Kind,
  timeoutMs: number,
  signal: AbortSignal,
  fits: (answer: Extract<LoopAnswer, { answer: Kind }>) => boolean,
): Promise<Extract<LoopAnswer, { answer: Kind }>> {
  type Answer = Extract<LoopAnswer, { answer: Kind }>;
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      load.off('message', heard);
      load.off('exit', ended);
      signal.removeEventListener('abort', ended);
      settle();
    };
    const heard = (answer: LoopAnswer): void => {
      if (answer.answer === kind && fits(answer as Answer)) done(() => resolve(answer as Answer));
    };
    const ended = (): void => done(() => reject(new Error(`the load ended before ${kind}`)));
    const timer = setTimeout(
      () => done(() => reject(new Error(`no ${kind} within ${timeoutMs} ms`))),
      timeoutMs,
    );
    load.on('message', heard);
    load.on('exit', ended);
    signal.addEventListener('abort', ended, { once: true });
  });
}
