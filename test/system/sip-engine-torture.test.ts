import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { timingWithT1 } from '../../src/sip-engine/timing.ts';
import { eventually } from '../support/eventually.ts';
import { type TortureMessage, tortureMessages } from '../support/torture.ts';
import { SipPeer, startEngine, type TestEngine } from './sip-engine-support.ts';

const messages = [...tortureMessages('rfc4475'), ...tortureMessages('rfc5118')];

/** The final answer on the wire; undefined: none. */
function answerTo(message: TortureMessage): number | undefined {
  const start = message.bytes.toString('latin1', 0, 20);
  if (message.expect === 'dropped' || start.startsWith('SIP/')) return undefined;
  if (message.expect !== 'accepted') return message.expect.status;
  return message.answer ?? (start.startsWith('INVITE') ? 486 : 200);
}

describe('the torture messages at a real engine', () => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await startEngine(timingWithT1(3));
    await test.connect((app) => {
      app.invite((_, response) => response.send(486));
      app.register((_, response) => response.send(200));
      app.options((_, response) => response.send(200));
      // drachtio-srf has a method for each SIP method; not all are in the test's typings.
      (app as unknown as { message: typeof app.options }).message((_, response) => response.send(200));
    });
  });
  // The messages share Call-IDs and branches: none may take another for its repetition.
  afterEach(async () => {
    await eventually('its transaction is over', () => test.engine.stats().transactions === 0);
  });
  afterAll(() => test.finish());

  it.each(messages.map((m) => [m.file, answerTo(m) ?? 'nothing', m] as const))(
    '%s is answered over UDP with %s',
    async (_, expected, message) => {
      const peer = await SipPeer.open(test.sipPort, 'udp');
      try {
        peer.sendText(message.bytes);
        // Whatever came of it, the next request is served; datagrams of one sender arrive in order.
        peer.send(peer.request('OPTIONS', { callId: 'afterwards' }));
        await eventually('the next answer', () => peer.heard.some((m) => m.callId === 'afterwards'));
        const finals = () => peer.heard.filter((m) => m.callId !== 'afterwards' && m.status >= 200);
        if (expected !== 'nothing') await eventually('an answer', () => finals().length > 0);
        expect([...new Set(finals().map((m) => m.status))]).toEqual(expected === 'nothing' ? [] : [expected]);
      } finally {
        peer.close();
      }
    },
  );

  // Content-Length is all the framing there is: these two wait for the rest of their bodies.
  const unfinished = ['clerr.dat', 'multi01.dat'];
  it.each(
    messages
      .filter((m) => !unfinished.includes(m.file))
      .map((m) => [m.file, answerTo(m) ?? 'nothing', m] as const),
  )('%s is answered over TCP with %s', async (_, expected, message) => {
    const peer = await SipPeer.open(test.sipPort, 'tcp');
    try {
      peer.sendText(message.bytes);
      if (expected === 'nothing') {
        await eventually('it is counted, or the connection serves on', async () => {
          if (peer.isClosed) return true;
          peer.send(peer.request('OPTIONS'));
          return peer.heard.length > 0;
        });
        return;
      }
      const final = await eventually('an answer', () => peer.heard.find((m) => m.status >= 200));
      expect(final.status).toBe(expected);
    } finally {
      peer.close();
    }
  });
});
