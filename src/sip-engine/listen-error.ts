import { CordboardError } from '../base/errors.ts';

/**
 * Why a port cannot be listened on, in words that say what to change.
 * @param what `UDP port 5060`, with the variable that chooses another
 * @returns CordboardError port-in-use or port-refused
 */
export function listenError(
  what: { port: string; variable: string; address: string },
  cause: NodeJS.ErrnoException,
): CordboardError {
  if (cause.code === 'EADDRINUSE')
    return new CordboardError('port-in-use', `${what.port} is in use; set ${what.variable} to another`, {
      cause,
    });
  return new CordboardError(
    'port-refused',
    `cannot listen on ${what.port} of ${what.address} (${cause.code ?? cause.message}); look at CORDBOARD_BIND and ${what.variable}`,
    { cause },
  );
}
