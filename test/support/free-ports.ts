import { createServer } from 'node:net';

/** A block of `count` consecutive ports, free for TCP at this moment, the first one even. */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const first = 2 * Math.floor((30_000 + Math.random() * 20_000) / 2);
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
