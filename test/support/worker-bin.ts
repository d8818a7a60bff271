/**
 * The mediasoup worker program for tests. mediasoup reads MEDIASOUP_WORKER_BIN when it is imported, so this only
 * makes sure that it is set.
 * @throws Error naming what to do
 */
export function requireWorkerBin(): string {
  const program = process.env.MEDIASOUP_WORKER_BIN;
  if (!program)
    throw new Error(
      'MEDIASOUP_WORKER_BIN is not set: run ./scripts/test, which builds the worker and sets it',
    );
  return program;
}
