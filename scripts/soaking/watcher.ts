/** A supervisor's page in miniature: signed in, follows the live events, and looks at the call list now and then. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { adminPassword } from '../../test/support/instance.ts';
import type { Outcomes } from './outcomes.ts';

export class Watcher {
  readonly #url: string;
  readonly #outcomes: Outcomes;
  #cookie = '';
  #stream: ClientRequest | undefined;

  constructor(options: { url: string; outcomes: Outcomes }) {
    this.#url = options.url;
    this.#outcomes = options.outcomes;
  }

  async signIn(): Promise<void> {
    const response = await this.#ask('POST', '/login', { userName: 'admin', password: adminPassword });
    this.#cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    response.resume();
  }

  /** Leaves the stream of events and takes it up again, as a page that is loaded anew. */
  async follow(): Promise<void> {
    this.#stream?.destroy();
    const response = await this.#ask('GET', '/events');
    this.#outcomes.count('event streams');
    response.on('data', (chunk: Buffer) => this.#outcomes.count('event bytes', chunk.length));
    response.on('error', () => {}); // ours: the stream is left in the middle
  }

  /** Loads what the pages load. */
  async look(): Promise<void> {
    for (const path of ['/live', '/calls?limit=50', '/system/health', '/system/guard']) {
      const response = await this.#ask('GET', path);
      for await (const _ of response);
      if (response.statusCode === 200) this.#outcomes.count('pages looked at');
      else this.#outcomes.fail('page', `${path}: ${response.statusCode}`);
    }
  }

  close(): void {
    this.#stream?.destroy();
  }

  #ask(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const payload = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.#url}/api/v1${path}`,
        {
          method,
          rejectUnauthorized: false,
          headers: {
            origin: this.#url,
            ...(payload === '' ? {} : { 'content-type': 'application/json' }),
            ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
          },
        },
        resolve,
      );
      asked.on('error', reject);
      if (path === '/events') this.#stream = asked;
      asked.end(payload);
    });
  }
}
