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

  async setStatus(agentId: string, status: 'available' | 'on-break', reason?: string): Promise<void> {
    await this.#ask('PUT', `/agents/${agentId}/status`, {
      status,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** A list of leads and a campaign that calls them, running at once. */
  async startCampaign(
    leads: readonly { number: string; name: string; note: string }[],
    campaign: { name: string; queueId: string; script: string; [setting: string]: unknown },
  ): Promise<void> {
    const list = await this.#ask('POST', '/lists', { name: campaign.name });
    for (const lead of leads) await this.#ask('POST', `/lists/${list.id}/leads`, lead);
    const { id } = await this.#ask('POST', '/campaigns', { ...campaign, listIds: [list.id] });
    await this.#ask('PUT', `/campaigns/${id}/state`, { state: 'running' });
  }

  /** Rings the extension, then dials. */
  async clickToCall(extensionId: string, number: string): Promise<void> {
    await this.#ask('POST', '/calls', { extensionId, number });
  }

  /** @returns the cookie of the answer, and its `id` where it has one */
  #ask(method: string, path: string, body: unknown): Promise<{ cookie: string; id: string }> {
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
            const text = Buffer.concat(chunks).toString('utf8');
            if (statusCode >= 400) return reject(new Error(`${method} ${path}: ${statusCode} ${text}`));
            const { id, listId } = (text === '' ? {} : JSON.parse(text)) as { id?: string; listId?: string };
            resolve({
              cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? this.#cookie,
              id: id ?? listId ?? '',
            });
          });
        },
      );
      asked.on('error', reject);
      asked.end(payload);
    });
  }
}
