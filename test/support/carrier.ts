/** The far end of a peer trunk as far as keepalives go: answers OPTIONS, so that the trunk is up. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { carrierAddress } from './office.ts';

export interface Carrier {
  port: number;
  close(): void;
}

export async function openCarrier(): Promise<Carrier> {
  const socket = createSocket('udp4');
  socket.bind(0, carrierAddress);
  await once(socket, 'listening');
  socket.on('message', (bytes, from) => {
    const text = bytes.toString('utf8');
    if (!text.startsWith('OPTIONS ')) return;
    const [head = ''] = text.split('\r\n\r\n', 1);
    const kept = head.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
    const lines = [
      'SIP/2.0 200 OK',
      ...kept.map((l) => (/^to:/i.test(l) ? `${l};tag=carrier` : l)),
      'Content-Length: 0',
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, from.port, from.address);
  });
  return { port: socket.address().port, close: () => socket.close() };
}
