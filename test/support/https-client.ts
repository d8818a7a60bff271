/** A signed-in reader of the API of a box on this machine. */
import { request } from 'node:https';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export type Reader = (path: string) => Promise<any>;

function ask(
  url: string,
  method: string,
  path: string,
  options: { body?: unknown; cookie?: string },
): Promise<{ text: string; cookie: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${url}/api/v1${path}`,
      {
        method,
        rejectUnauthorized: false,
        headers: {
          origin: url,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if ((response.statusCode ?? 0) >= 400) reject(new Error(`${path}: ${response.statusCode} ${text}`));
          else resolve({ text, cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '' });
        });
      },
    );
    asked.on('error', reject);
    asked.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}

/** @throws Error when the box refuses */
export async function signedInClient(url: string, userName: string, password: string): Promise<Reader> {
  const { cookie } = await ask(url, 'POST', '/login', { body: { userName, password } });
  return async (path) => JSON.parse((await ask(url, 'GET', path, { cookie })).text);
}
