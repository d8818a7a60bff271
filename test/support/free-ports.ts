import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the range from which the kernel takes ports of its own choice (32,768 on). */
const firstPort = 30_000;
const lastPort = 32_700;

/** A block of `count` consecutive ports, free for TCP and UDP at this moment, the first one even. */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const first = firstPort + 2 * Math.floor((Math.random() * (lastPort - firstPort - count)) / 2);
    const ports = Array.from({ length: count }, (_, i) => first + i);
    const free = await Promise.all(ports.flatMap((port) => [isFreeForTcp(port), isFreeForUdp(port)]));
    if (free.every(Boolean)) return first;
  }
}

function isFreeForTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function isFreeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
