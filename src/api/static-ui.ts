/**
 * The built pages. Files under `assets/` have a hash in their name and never change; the rest is asked for again
 * each time and answered by ETag. Compressed copies lie beside the files (`.br`, `.gz`). Any other path is a page
 * of the single-page app: index.html.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};
const encodings = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

interface Asset {
  type: string;
  etag: string;
  immutable: boolean;
  identity: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Cordboard</title>
<p>The pages are not built yet. Run <code>./scripts/start</code>; the API is there meanwhile.</p>`;

/** All files, in memory: they are few and small, and a path outside the folder cannot be asked for. */
export class StaticUi {
  readonly #directory: string;
  #assets = new Map<string, Asset>();

  /** @param directory of the build, `web-ui/dist` */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads the folder; one that is missing has no files. */
  async load(): Promise<void> {
    const assets = new Map<string, Asset>();
    const entries = await readdir(this.#directory, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      },
    );
    const paths = new Set(entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)));
    for (const path of paths) {
      const type = types[extname(path)];
      if (type === undefined) continue;
      const name = `/${relative(this.#directory, path).split(sep).join('/')}`;
      const identity = await readFile(path);
      const asset: Asset = {
        type,
        etag: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
        immutable: name.startsWith('/assets/'),
        identity,
      };
      for (const { name: encoding, suffix } of encodings)
        if (paths.has(path + suffix)) asset[encoding] = await readFile(path + suffix);
      assets.set(name, asset);
    }
    this.#assets = assets;
  }

  /** The answer to GET or HEAD of any path outside the API; null for a file that does not exist. */
  respond(request: Request): Response | null {
    const { pathname } = new URL(request.url);
    const found = this.#assets.get(pathname);
    // What looks like a file is one: a missing script must not be answered with a page.
    if (!found && (pathname.startsWith('/assets/') || /\.[a-z0-9]{1,12}$/i.test(pathname))) return null;
    const asset = found ?? this.#assets.get('/index.html');
    if (!asset)
      return new Response(notBuilt, { status: 503, headers: { 'content-type': types['.html'] ?? '' } });
    return this.#send(request, asset);
  }

  #send(request: Request, asset: Asset): Response {
    const accepted = acceptedEncodings(request.headers.get('accept-encoding'));
    const encoding = encodings.find(({ name }) => asset[name] && accepted.has(name))?.name;
    const body = encoding ? (asset[encoding] ?? asset.identity) : asset.identity;
    const etag = `"${asset.etag}${encoding ? `-${encoding}` : ''}"`;
    const headers = new Headers({
      'content-type': asset.type,
      'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
      vary: 'accept-encoding',
    });
    const known = (request.headers.get('if-none-match') ?? '')
      .split(',')
      .map((tag) => tag.trim().replace(/^W\//, ''));
    if (known.includes(etag)) return new Response(null, { status: 304, headers });
    if (encoding) headers.set('content-encoding', encoding);
    headers.set('content-length', String(body.byteLength));
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers });
  }
}

/** Encodings that an Accept-Encoding header allows (RFC 9110 section 12.5.3); `q=0` forbids. */
function acceptedEncodings(header: string | null): Set<string> {
  const accepted = new Set<string>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (name !== '' && !parameters.some((p) => /^q=0(\.0*)?$/.test(p))) accepted.add(name);
  }
  return accepted;
}
