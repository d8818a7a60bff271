/** SIP messages as the ladder shows them. */
import type { TappedMessage } from '../codec/engine-control.ts';
import type { Ladder } from './contract.ts';

/** What stands on the arrow: the method, or the answer with the method it answers. */
function labelOf(text: string): string {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first);
  if (!status) return first.split(' ')[0] ?? '';
  const method = /^cseq[ \t]*:[ \t]*\d+[ \t]+(\S+)/im.exec(text)?.[1];
  return `${status[1]} ${status[2]}`.trim() + (method ? ` (${method})` : '');
}

const at = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export function ladderOf(messages: readonly TappedMessage[]): Ladder {
  return {
    messages: messages.map((message) => ({
      at: message.atMs,
      direction: message.direction,
      transport: message.transport,
      local: at(message.localAddress, message.localPort),
      remote: at(message.remoteAddress, message.remotePort),
      sipCallId: message.callId,
      label: labelOf(message.text),
      text: message.text,
    })),
  };
}
