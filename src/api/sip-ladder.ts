/** SIP messages as the ladder shows them: labelled, and without anything that could be used to get in. */
import type { TappedMessage } from '../codec/engine-control.ts';
import type { Ladder } from './contract.ts';

/** Header fields that prove who somebody is. */
const credentials = /^(authorization|proxy-authorization)[ \t]*:/i;
const challenges = /^(www-authenticate|proxy-authenticate|authentication-info)[ \t]*:/i;
const mask = '***';

/**
 * The message without credentials: digest answers and nonces, SDES keys (RFC 4568) and ICE passwords. Everything
 * else stays as it was on the wire.
 */
export function maskMessage(text: string): string {
  let folding: 'credentials' | 'challenge' | null = null;
  return text
    .split(/(\r?\n)/)
    .map((line) => {
      if (/^\r?\n$/.test(line)) return line;
      if (!/^[ \t]/.test(line))
        folding = credentials.test(line) ? 'credentials' : challenges.test(line) ? 'challenge' : null;
      if (folding === 'credentials')
        return line
          .replace(/\b(response|cnonce|nonce|opaque)(\s*=\s*)("[^"]*"|[^\s,;]+)/gi, `$1$2"${mask}"`)
          .replace(/(:\s*(?:Basic|Bearer)\s+)\S+/i, `$1${mask}`);
      if (folding === 'challenge')
        return line.replace(
          /\b(nonce|opaque|rspauth|nextnonce|cnonce)(\s*=\s*)("[^"]*"|[^\s,;]+)/gi,
          `$1$2"${mask}"`,
        );
      return line
        .replace(/^(a=crypto:\S+\s+\S+\s+inline:)[^|\s;]+/, `$1${mask}`)
        .replace(/^(a=ice-pwd:)\S+/, `$1${mask}`);
    })
    .join('');
}

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
      text: maskMessage(message.text),
    })),
  };
}
