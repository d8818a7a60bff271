import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipStreamFramer } from '../../../src/codec/sip-framer.ts';
import { maxMessageBytes } from '../../../src/codec/sip-message.ts';

function collect(): { framer: SipStreamFramer; events: string[] } {
  const events: string[] = [];
  const framer = new SipStreamFramer({
    message: (data) => events.push(`message ${data.toString()}`),
    ping: () => events.push('ping'),
    broken: (problem) => events.push(`broken ${problem}`),
  });
  return { framer, events };
}

const first = 'OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 5\r\n\r\nh\r\n\r\n';
const second = 'SIP/2.0 200 OK\r\nl: 0\r\n\r\n';
const stream = `\r\n\r\n${first}\r\n\r\n${second}\r\n${first}\r\n\r\n`;
const expected = ['ping', `message ${first}`, 'ping', `message ${second}`, `message ${first}`, 'ping'];

describe('the stream framer', () => {
  it('gives messages and pings of a whole stream in order', () => {
    const { framer, events } = collect();
    framer.push(Buffer.from(stream));
    expect(events).toEqual(expected);
    expect(framer.isInsideMessage).toBe(false);
  });

  it('gives the same when the stream is cut at any byte', () => {
    for (let cut = 1; cut < stream.length; cut++) {
      const { framer, events } = collect();
      framer.push(Buffer.from(stream.slice(0, cut)));
      framer.push(Buffer.from(stream.slice(cut)));
      expect(events).toEqual(expected);
    }
  });

  it('gives the same byte by byte', () => {
    const { framer, events } = collect();
    for (const byte of Buffer.from(stream)) framer.push(Buffer.of(byte));
    expect(events).toEqual(expected);
  });

  it('knows that it waits for the rest of a message', () => {
    const { framer } = collect();
    framer.push(Buffer.from(first.slice(0, 30)));
    expect(framer.isInsideMessage).toBe(true);
  });

  it.each([
    ['no Content-Length', 'BYE sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\n'],
    ['two that differ', 'BYE sip:a@b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n'],
  ])('gives up on a message with %s, once', (_, text) => {
    const { framer, events } = collect();
    framer.push(Buffer.from(text));
    framer.push(Buffer.from(second));
    expect(events).toEqual(['broken missing or contradictory Content-Length']);
  });

  it('gives up on a message larger than the limit, announced or endless', () => {
    const announced = collect();
    announced.framer.push(Buffer.from(`BYE sip:a@b SIP/2.0\r\nContent-Length: ${maxMessageBytes}\r\n\r\n`));
    expect(announced.events).toEqual(['broken message too large']);
    const endless = collect();
    for (let i = 0; i < 70; i++) endless.framer.push(Buffer.alloc(1024, 'x'));
    expect(endless.events).toEqual(['broken headers too large']);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (chunks) => {
        const { framer } = collect();
        for (const chunk of chunks) framer.push(Buffer.from(chunk));
      }),
    );
  });
});
