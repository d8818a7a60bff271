import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { TlsCertificate } from '../../src/codec/engine-control.ts';
import { SipStreamFramer } from '../../src/codec/sip-framer.ts';
import { parseSipMessage, type SipMessage } from '../../src/codec/sip-message.ts';
import { responseTo } from '../../src/sip-engine/message-builder.ts';

/** A host that speaks SIP over TLS: answers every request with 200. */
export class TlsProvider {
  readonly heard: SipMessage[] = [];
  readonly answers: SipMessage[] = [];
  readonly sockets: TLSSocket[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('tlsClientError', () => {});
    server.on('secureConnection', (socket) => {
      this.sockets.push(socket);
      const framer = new SipStreamFramer({
        message: (data) => this.#hear(data, socket),
        ping: () => {},
        broken: () => {},
      });
      socket.on('data', (chunk: Buffer) => framer.push(chunk)).on('error', () => {});
    });
  }

  static async start(own: TlsCertificate, address = '127.0.0.1'): Promise<TlsProvider> {
    const server = createServer({ key: own.key, cert: own.certificate });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return new TlsProvider(server);
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hear(data: Buffer, socket: TLSSocket): void {
    const message = parseSipMessage(data);
    if (!message) return;
    if (!message.isRequest) {
      this.answers.push(message);
      return;
    }
    this.heard.push(message);
    socket.write(responseTo(message, 200, 'provider').serialise());
  }
}
