/**
 * Lets one port speak TLS and, to a browser that was given a plain http:// address, answer with the way to
 * https://. The first byte of a connection tells them apart: 22 begins a TLS handshake (RFC 8446 section 5.1).
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { isOwnHost } from './request-guard.ts';

const tlsHandshake = 22;
/** A connection that says nothing for this long is closed. */
const firstByteTimeoutMs = 10_000;

/** Puts the look at the first byte before the TLS server; returns the plain server that redirects. */
export function redirectPlainHttp(server: HttpsServer, hostNames: () => ReadonlySet<string>): HttpServer {
  const plain = createServer((request, response) => {
    const host = request.headers.host ?? '';
    if (isOwnHost(host, hostNames()))
      response.writeHead(308, { location: `https://${host}${request.url ?? '/'}`, connection: 'close' });
    else response.writeHead(421, { connection: 'close' });
    response.end();
  });
  const accept = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const refuse = (): void => void socket.destroy();
    const look = (): void => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      socket.off('readable', look).off('error', refuse).off('timeout', refuse).setTimeout(0);
      socket.unshift(chunk);
      if (chunk[0] === tlsHandshake) for (const listener of accept) listener.call(server, socket);
      else plain.emit('connection', socket);
    };
    socket.setTimeout(firstByteTimeoutMs).on('timeout', refuse).on('error', refuse).on('readable', look);
  });
  return plain;
}
