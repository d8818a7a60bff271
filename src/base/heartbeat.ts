/** A child process's sign of life to its supervisor: while its event loop turns, one beat a second over IPC. */

export const heartbeatIntervalMs = 1000;

/** What goes over IPC. */
export interface Heartbeat {
  beat: true;
}

/** Begins to beat; without a supervisor nothing happens. It keeps no process alive. */
export function startHeartbeat(): void {
  if (!process.send) return;
  const beat: Heartbeat = { beat: true };
  setInterval(() => {
    // The channel may close under it: then `disconnect` ends this process.
    if (process.connected) process.send?.(beat, undefined, undefined, () => {});
  }, heartbeatIntervalMs).unref();
}
