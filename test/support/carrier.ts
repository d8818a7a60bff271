/**
 * The far end of a peer trunk as far as keepalives go: answers OPTIONS, so that the trunk is up. What else comes can
 * be relayed to a peer that takes keepalives for calls, as SIPp does.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { carrierAddress } from './office.ts';

export interface Carrier {
  port: number;
  close(): void;
}

/**
 * @param options.relayTo port of the peer behind, on the same address
 * @param options.onMessage sees what the box sends, keepalives apart, before the peer does
 */
export async function openCarrier(
  options: { relayTo?: number; onMessage?: (text: string) => void } = {},
): Promise<Carrier> {
  const { relayTo, onMessage } = options;
  const socket = createSocket('udp4');
  socket.bind(0, carrierAddress);
  await once(socket, 'listening');
  let server: { address: string; port: number } | undefined;
  socket.on('message', (bytes, from) => {
    if (from.port === relayTo && from.address === carrierAddress) {
      if (server) socket.send(bytes, server.port, server.address);
      return;
    }
    const text = bytes.toString('utf8');
    if (!text.startsWith('OPTIONS ')) {
      server = from;
      onMessage?.(text);
      if (relayTo !== undefined) socket.send(bytes, relayTo, carrierAddress);
      return;
    }
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
