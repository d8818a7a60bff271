/** A page on localhost whose browser leg talks straight to the media engine, without the rest of the product. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { WebDirection } from '../../src/codec/media-control.ts';
import type { WebLegs } from '../../src/media-engine/web-legs.ts';

export type BrowserLegOperations = Pick<WebLegs, 'open' | 'produce' | 'consume'> & {
  connect(args: Parameters<WebLegs['connect']>[0]): Promise<unknown>;
};
type Candidate = { protocol: string };

export class WebLegSite {
  /** Leaves out candidates of the other protocol, as if a firewall stood in between. */
  onlyProtocol: 'udp' | 'tcp' | undefined;
  readonly #legs: BrowserLegOperations;
  #server: Server | undefined;
  #opened = 0;

  constructor(legs: BrowserLegOperations) {
    this.#legs = legs;
  }

  get url(): string {
    const address = this.#server?.address() as AddressInfo | undefined;
    return `http://localhost:${address?.port}/`;
  }

  async start(): Promise<void> {
    const bundle = await build({
      entryPoints: [new URL('web-leg-page.ts', import.meta.url).pathname],
      bundle: true,
      write: false,
      format: 'iife',
      logLevel: 'silent',
    });
    const script = bundle.outputFiles[0]?.text ?? '';
    const server = createServer((request, response) => {
      if (request.url === '/') {
        response.setHeader('content-type', 'text/html');
        return response.end('<!doctype html><title>leg</title><script src="/page.js"></script>');
      }
      if (request.url === '/page.js') {
        response.setHeader('content-type', 'text/javascript');
        return response.end(script);
      }
      if (!request.url?.startsWith('/rpc/')) return response.writeHead(404).end();
      const op = request.url.slice('/rpc/'.length);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      return request.on('end', () => {
        this.#answer(op, Buffer.concat(chunks).toString()).then(
          (result) => response.end(JSON.stringify(result ?? null)),
          (error: unknown) => response.writeHead(400).end(String(error)),
        );
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #answer(op: string, body: string): Promise<unknown> {
    const args = JSON.parse(body) as { legId: string; direction: WebDirection } & Record<string, unknown>;
    const { legId, direction, dtlsParameters, rtpParameters, rtpCapabilities } = args;
    switch (op) {
      case 'open': {
        const opened = `page-${++this.#opened}`;
        const answer = await this.#legs.open({ legId: opened, announcedAddresses: ['127.0.0.1'] });
        for (const options of Object.values(answer.transportOptions) as { iceCandidates: Candidate[] }[])
          options.iceCandidates = options.iceCandidates.filter(
            ({ protocol }) => (this.onlyProtocol ?? protocol) === protocol,
          );
        return { legId: opened, ...answer };
      }
      case 'connect':
        return this.#legs.connect({ legId, direction, dtlsParameters });
      case 'produce':
        return this.#legs.produce({ legId, rtpParameters });
      case 'consume':
        return this.#legs.consume({ legId, rtpCapabilities });
      default:
        throw new Error(`no operation ${op}`);
    }
  }
}
