/** Sections 1 and 2 of the admin protocol: frames, authenticate, routes, ping. */
import { expect } from 'vitest';
import { encodeFrame } from '../../src/codec/drachtio-wire.ts';
import { type ConformanceCase, text } from '../support/conformance.ts';

export const sessionCases: ConformanceCase[] = [
  {
    section: 1,
    name: 'a frame is understood when it comes byte by byte',
    async run(bench) {
      const wire = await bench.wire();
      const { id, frame } = wire.frame('ping');
      for (const byte of Buffer.from(frame)) wire.writeRaw(Buffer.of(byte));
      expect((await wire.verdict(id)).tokens.slice(3)).toEqual(['OK', 'pong']);
    },
  },
  {
    section: 1,
    name: 'frames that come in one piece are taken one by one and answered in order',
    async run(bench) {
      const wire = await bench.wire();
      const frames = [1, 2, 3].map(() => wire.frame('ping'));
      wire.writeRaw(frames.map(({ frame }) => frame).join(''));
      for (const { id } of frames) expect((await wire.verdict(id)).tokens[3]).toBe('OK');
      const order = wire.heard.map(({ tokens }) => tokens[2]).filter((id) => id !== 'request-1');
      expect(order).toEqual(frames.map(({ id }) => id));
    },
  },
  {
    section: 1,
    name: 'lengths count bytes of UTF-8, both ways',
    async run(bench) {
      const wire = await bench.wire('message');
      const peer = await bench.peer();
      const message = peer.request('MESSAGE').set('From', '"Tőkés Ágnes 📞" <sip:bob@example.org>;tag=bob');
      message.add('Content-Type', 'text/plain').body = 'Árvíztűrő tükörfúrógép';
      peer.send(message);
      const frame = await wire.hearsRequest('MESSAGE');
      expect(frame.message?.get('from')).toContain('Tőkés Ágnes 📞');
      expect(frame.message?.body).toBe('Árvíztűrő tükörfúrógép');
      const answer = text('SIP/2.0 200 OK', ['X-Name: Żółć', 'Content-Type: text/plain'], '日本語');
      const first = wire.frame(`sip|${frame.tokens[8]}|`, answer);
      const second = wire.frame('ping');
      wire.writeRaw(first.frame + second.frame);
      expect((await wire.verdict(first.id)).tokens[3]).toBe('OK');
      expect((await wire.verdict(second.id)).tokens[4]).toBe('pong');
      const heard = await peer.hearsStatus(200, 'MESSAGE');
      expect(heard.get('x-name')).toBe('Żółć');
      expect(heard.body).toBe('日本語');
      expect(heard.get('content-length')).toBe(String(Buffer.byteLength('日本語')));
    },
  },
  {
    section: 1,
    name: 'a length that is no number closes the connection',
    async run(bench) {
      const wire = await bench.wire();
      wire.writeRaw('12x#hello');
      await wire.isClosedSoon();
    },
  },
  {
    section: 1,
    name: 'a frame of 60 kB is taken like any other',
    departs: 'drachtio-server’s buffer of 12,228 bytes wedges the connection; ours takes frames up to 1 MiB',
    async run(bench) {
      const wire = await bench.wire('options');
      const peer = await bench.peer();
      const large = text(`MESSAGE sip:x@${bench.sipAddress} SIP/2.0`, [], 'x'.repeat(60_000));
      expect((await wire.ask('sip||', large)).tokens.slice(3)).toEqual(['NOK', 'missing content-type']);
      peer.send(peer.request('OPTIONS'));
      const { tokens } = await wire.hearsRequest('OPTIONS');
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'OPTIONS');
    },
  },
  {
    section: 2,
    name: 'authenticate is answered with the listening addresses and a version from v0.8.2 on',
    async run(bench) {
      const stranger = await bench.stranger();
      const { tokens } = await stranger.ask(`authenticate|${bench.target.secret}|one,two`);
      expect(tokens[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(tokens[3]).toBe('OK');
      expect(tokens[4]).toMatch(/^udp\/[^,]+:\d+,tcp\/[^,]+:\d+/);
      expect(tokens[5]).toMatch(/^v\d+\.\d+\.\d+/);
      expect(tokens[6]).toMatch(/^udp\/[^,]+:\d+/);
      expect(tokens).toHaveLength(7);
    },
  },
  {
    section: 2,
    name: 'a wrong secret is refused and the connection closed',
    async run(bench) {
      const stranger = await bench.stranger();
      const { tokens } = await stranger.ask('authenticate|not the secret|');
      expect(tokens.slice(3)).toEqual(['NO', 'incorrect secret']);
      await stranger.isClosedSoon();
    },
  },
  {
    section: 2,
    name: 'ping is answered with pong',
    async run(bench) {
      const { tokens } = await (await bench.wire()).ask('ping');
      expect(tokens.slice(3)).toEqual(['OK', 'pong']);
    },
  },
  {
    section: 2,
    name: 'an unknown type is refused and the connection closed',
    async run(bench) {
      const wire = await bench.wire();
      expect((await wire.ask('nonsense')).tokens.slice(3)).toEqual(['NO', 'Unknown message type']);
      await wire.isClosedSoon();
    },
  },
  {
    section: 2,
    name: 'who has not authenticated can neither add routes nor send',
    departs: 'drachtio-server takes routes and SIP from strangers; ours refuses and closes',
    async run(bench) {
      for (const header of ['route|invite', 'sip||', 'ping', 'proxy|x']) {
        const stranger = await bench.stranger();
        expect((await stranger.ask(header)).tokens[3]).toBe('NO');
        await stranger.isClosedSoon();
      }
    },
  },
  {
    section: 2,
    name: 'a stranger’s large frame is not waited for',
    departs: 'drachtio-server reads whatever a stranger sends; ours takes 4 kB before authentication',
    async run(bench) {
      const stranger = await bench.stranger();
      stranger.writeRaw(encodeFrame('x'.repeat(5_000)).slice(0, 40));
      await stranger.isClosedSoon();
    },
  },
  {
    section: 2,
    name: 'a request goes to the one application that routed its method, and routes may be any verb',
    async run(bench) {
      const verbs = ['invite', 'register', 'subscribe', 'options', 'message', 'notify', 'info', 'publish'];
      const wire = await bench.wire(...verbs, 'cdr:attempt', 'cdr:start', 'cdr:stop');
      const other = await bench.wire('invite');
      const peer = await bench.peer();
      for (const verb of verbs.slice(1)) {
        const method = verb.toUpperCase();
        peer.send(peer.request(method));
        const { tokens } = await wire.hearsRequest(method);
        await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 403 Forbidden'));
        await peer.hearsStatus(403, method);
      }
      expect(other.countOf(({ tokens }) => tokens[1] === 'sip')).toBe(0);
    },
  },
  {
    section: 2,
    name: 'applications of one verb take turns',
    async run(bench) {
      const wires = [await bench.wire('options'), await bench.wire('options')];
      const peer = await bench.peer();
      for (let i = 0; i < 4; i++) peer.send(peer.request('OPTIONS'));
      for (const wire of wires) {
        for (let i = 0; i < 2; i++) {
          const { tokens } = await wire.hearsRequest('OPTIONS');
          await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK'));
        }
      }
      for (let i = 0; i < 4; i++) await peer.hearsStatus(200, 'OPTIONS');
      for (const wire of wires) expect(wire.countOf(({ tokens }) => tokens[1] === 'sip')).toBe(2);
    },
  },
  {
    section: 2,
    name: 'the same route sent again changes no turns',
    departs: 'drachtio-server stores the route twice and gives that application two turns; ours keeps a set',
    async run(bench) {
      const eager = await bench.wire('options', 'options', 'options');
      const other = await bench.wire('options');
      const peer = await bench.peer();
      for (let i = 0; i < 6; i++) {
        peer.send(peer.request('OPTIONS'));
      }
      // Nobody answers them: the server does in the end, and then all have been given out.
      for (let i = 0; i < 6; i++) await peer.hearsStatus(500, 'OPTIONS');
      expect(eager.countOf(({ tokens }) => tokens[1] === 'sip')).toBe(3);
      expect(other.countOf(({ tokens }) => tokens[1] === 'sip')).toBe(3);
    },
  },
  {
    section: 2,
    name: 'remove_route takes back that one verb and no other',
    departs: 'drachtio-server drops all verbs of that application',
    async run(bench) {
      const wire = await bench.wire('options', 'message');
      expect((await wire.ask('remove_route|options')).tokens.slice(3)).toEqual(['OK']);
      const peer = await bench.peer();
      peer.send(peer.request('OPTIONS'));
      await peer.hearsStatus(503, 'OPTIONS');
      peer.send(peer.request('MESSAGE'));
      const { tokens } = await wire.hearsRequest('MESSAGE');
      await wire.ask(`sip|${tokens[8]}|`, text('SIP/2.0 200 OK'));
      await peer.hearsStatus(200, 'MESSAGE');
    },
  },
];
