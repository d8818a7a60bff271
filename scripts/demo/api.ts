/** The demo's hand on the pages' API: who takes a break, and who calls out. */
import { request } from 'node:https';

export class DemoApi {
  readonly #url: string;
  #cookie = '';

  /** @param url of the box, on this machine */
  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Error when the box refuses */
  async signIn(userName: string, password: string): Promise<void> {
    const { cookie } = await this.#ask('POST', '/login', { userName, password });
    this.#cookie = cookie;
  }

  async setStatus(agentId: string, status: 'available' | 'paused', reason?: string): Promise<void> {
    await this.#ask('PUT', `/agents/${agentId}/status`, {
      status,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** Rings the extension, then dials. */
  async clickToCall(extensionId: string, number: string): Promise<void> {
    await this.#ask('POST', '/calls', { extensionId, number });
  }

  #ask(method: string, path: string, body: unknown): Promise<{ cookie: string }> {
    const payload = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.#url}/api/v1${path}`,
        {
          method,
          // Our own box on loopback, whose authority this process does not know.
          rejectUnauthorized: false,
          headers: {
            origin: this.#url,
            'content-type': 'application/json',
            ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode = 0, headers } = response;
            if (statusCode >= 400)
              reject(new Error(`${method} ${path}: ${statusCode} ${Buffer.concat(chunks).toString('utf8')}`));
            else resolve({ cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? this.#cookie });
          });
        },
      );
      asked.on('error', reject);
      asked.end(payload);
    });
  }
}
