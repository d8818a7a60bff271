/**
 * Builds web-ui into web-ui/dist: hashed names, one chunk per lazily loaded part, gzip and Brotli copies beside
 * each file, and the sizes printed. `--watch` rebuilds at each change (no compressed copies).
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type BuildOptions, build, context, type Metafile, type Plugin } from 'esbuild';
import { formSchemas } from './lib/form-schemas.ts';

const root = new URL('..', import.meta.url).pathname;
const source = join(root, 'web-ui');
const outdir = process.env.CORDBOARD_UI_OUT || join(source, 'dist');
const watch = process.argv.includes('--watch');

/** What the first page may weigh, gzipped (DESIGN.md section 8). */
const firstPageBudgetBytes = 150_000;

/** `cordboard:schemas`: what the API accepts, for the forms. */
const schemas: Plugin = {
  name: 'schemas',
  setup: (setup) => {
    setup.onResolve({ filter: /^cordboard:schemas$/ }, ({ path }) => ({ path, namespace: 'schemas' }));
    setup.onLoad({ filter: /./, namespace: 'schemas' }, () => ({
      contents: JSON.stringify(formSchemas()),
      loader: 'json',
    }));
  },
};

const options: BuildOptions & { metafile: true } = {
  absWorkingDir: root,
  entryPoints: [join(source, 'main.tsx')],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  entryNames: 'assets/[name]-[hash]',
  chunkNames: 'assets/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  minify: !watch,
  sourcemap: watch ? 'linked' : 'external',
  metafile: true,
  plugins: [schemas],
  logLevel: 'warning',
  legalComments: 'none',
  loader: { '.woff2': 'file' },
  // The catalogues are mostly letters beyond ASCII: escaped, they would be twice as large.
  charset: 'utf8',
  define: { 'process.env.NODE_ENV': watch ? '"development"' : '"production"' },
};

/** The files the entry needs before it can paint: itself, its style sheet and what they import statically. */
function firstFiles(metafile: Metafile): string[] {
  const entry = Object.entries(metafile.outputs).find(([, output]) =>
    output.entryPoint?.endsWith('web-ui/main.tsx'),
  );
  if (!entry) throw new Error('the build has no entry');
  const files = new Set<string>();
  const add = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const imported of metafile.outputs[path]?.imports ?? []) {
      if (imported.kind === 'import-statement') add(imported.path);
    }
  };
  add(entry[0]);
  if (entry[1].cssBundle) files.add(entry[1].cssBundle);
  return [...files];
}

function writePage(metafile: Metafile): string[] {
  const first = firstFiles(metafile);
  const tags = first.map((path) => {
    const href = `/assets/${basename(path)}`;
    if (path.endsWith('.css')) return `<link rel="stylesheet" href="${href}" />`;
    return metafile.outputs[path]?.entryPoint
      ? `<script type="module" src="${href}"></script>`
      : `<link rel="modulepreload" href="${href}" />`;
  });
  // The face that nearly every text needs: asked for at once, not when the first text is laid out.
  const font = Object.keys(metafile.outputs).find((path) => /\/inter-latin-wght[^/]*\.woff2$/.test(path));
  if (font)
    tags.unshift(
      `<link rel="preload" href="/assets/${basename(font)}" as="font" type="font/woff2" crossorigin />`,
    );
  const template = readFileSync(join(source, 'index.html'), 'utf8');
  writeFileSync(join(outdir, 'index.html'), template.replace('<!-- assets -->', tags.join('\n    ')));
  copyFileSync(join(source, 'favicon.svg'), join(outdir, 'favicon.svg'));
  return first;
}

/** Compresses one file beside itself and returns its three sizes. */
function compress(path: string): { raw: number; gzip: number; brotli: number } {
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(`${path}.gz`, gzip);
  writeFileSync(`${path}.br`, brotli);
  return { raw: bytes.length, gzip: gzip.length, brotli: brotli.length };
}

function report(metafile: Metafile, first: string[]): void {
  const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
  let firstGzip = 0;
  const line = (name: string, path: string, mark: string): number => {
    const size = compress(path);
    console.log(`${mark} ${name.padEnd(40)} ${kb(size.raw)} ${kb(size.gzip)} gzip ${kb(size.brotli)} br`);
    return size.gzip;
  };
  firstGzip += line('index.html', join(outdir, 'index.html'), '*');
  line('favicon.svg', join(outdir, 'favicon.svg'), ' ');
  let fontBytes = 0;
  for (const [path, { bytes }] of Object.entries(metafile.outputs).sort()) {
    if (path.endsWith('.map')) continue;
    if (path.endsWith('.woff2')) {
      // Compressed already.
      fontBytes += bytes;
      continue;
    }
    // Beside what the entry imports, the first page waits for one catalogue; all are of a size.
    const isFirst = first.includes(path) || /\/en-[^/]*\.js$/.test(path);
    const gzip = line(basename(path), join(root, path), isFirst ? '*' : ' ');
    if (isFirst) firstGzip += gzip;
  }
  console.log(`  typefaces, each loaded when a text needs it ${kb(fontBytes)}`);
  console.log(`first page (*)${kb(firstGzip)} gzip of${kb(firstPageBudgetBytes)}`);
  if (firstGzip > firstPageBudgetBytes) {
    console.error('the first page is heavier than its budget');
    process.exitCode = 1;
  }
}

mkdirSync(outdir, { recursive: true });
if (watch) {
  const page: Plugin = {
    name: 'page',
    setup: (setup) =>
      setup.onEnd((result) => {
        if (result.metafile && result.errors.length === 0) writePage(result.metafile);
        console.log(`built, ${result.errors.length} errors`);
      }),
  };
  await (await context({ ...options, plugins: [schemas, page] })).watch();
} else {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build(options);
  report(metafile, writePage(metafile));
}
