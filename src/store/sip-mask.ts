/** Takes out of a SIP message what could be used to get in, before it is written to disk. */

/** Digest answers and what only serves to compute them (RFC 8760); nonce, realm and user name help and stay. */
const credentialHeader = /^((?:proxy-)?authorization[ \t]*:)((?:[^\r\n]|\r?\n[ \t])*)/gim;
const digestAnswer = /\b(response|cnonce)([ \t]*=[ \t]*)("[^"]*"|[^\s,;"]+)/gi;
/** SDES keys (RFC 4568), the older k= (RFC 4566 section 5.12) and ICE passwords (RFC 8839). */
const sdpKey = /^(k=[a-z0-9]+:|a=ice-pwd:)([^\r\n]+)/gim;
/** One line may hold several keys. */
const cryptoLine = /^a=crypto:[^\r\n]+/gim;
const inlineKey = /(\binline:)([^\s;|]+)/gi;

/** Same length, so that Content-Length stays true and the message still parses. */
function crossedOut(text: string): string {
  return text.startsWith('"') ? `"${'x'.repeat(text.length - 2)}"` : 'x'.repeat(text.length);
}

/** The message with its secrets crossed out; everything else, DTMF digits included, as it was on the wire. */
export function maskSecrets(text: string): string {
  return text
    .replace(credentialHeader, (_, name: string, value: string) =>
      /^\s*digest\b/i.test(value)
        ? name +
          value.replace(digestAnswer, (_all, key: string, is: string, v: string) => key + is + crossedOut(v))
        : name +
          value.replace(
            /^(\s*\S+\s+)([^\r\n]+)/,
            (_all, scheme: string, v: string) => scheme + crossedOut(v),
          ),
    )
    .replace(cryptoLine, (line) =>
      line.replace(inlineKey, (_, prefix: string, key: string) => prefix + crossedOut(key)),
    )
    .replace(sdpKey, (_, prefix: string, key: string) => prefix + crossedOut(key));
}
