/** Two transaction layers and a network between them that loses, repeats, delays and reorders as a seed says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { parseSipMessage, SipMessage } from '../../../src/codec/sip-message.ts';
import { AcceptedInvite } from '../../../src/sip-engine/accepted-invite.ts';
import type { Flow } from '../../../src/sip-engine/flow.ts';
import { InviteServerTransaction } from '../../../src/sip-engine/invite-server-transaction.ts';
import { responseTo } from '../../../src/sip-engine/message-builder.ts';
import { standardTiming } from '../../../src/sip-engine/timing.ts';
import { TransactionLayer } from '../../../src/sip-engine/transaction-layer.ts';

/** What becomes of one message: a delay for each copy that arrives; none: it is lost. Shorter than T4. */
type Fate = number[];

interface Story {
  method: 'INVITE' | 'OPTIONS';
  /** What the server says, and how long after the request came, milliseconds. */
  answers: { status: number; afterMs: number }[];
  fates: Fate[];
}

const fate = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 3 });
const final = fc.constantFrom(200, 302, 404, 486, 503, 603);
const story: fc.Arbitrary<Story> = fc.record({
  method: fc.constantFrom('INVITE', 'OPTIONS'),
  answers: fc
    .tuple(
      fc.array(
        fc.record({ status: fc.constantFrom(100, 180, 183), afterMs: fc.integer({ min: 0, max: 8000 }) }),
        { maxLength: 3 },
      ),
      fc.record({ status: final, afterMs: fc.integer({ min: 0, max: 9000 }) }),
    )
    .map(([provisionals, last]) => [...provisionals.filter(({ afterMs }) => afterMs <= last.afterMs), last]),
  fates: fc.array(fate, { maxLength: 40 }),
});

class Scene {
  readonly clock = new VirtualClock();
  readonly heard: (number | 'timeout' | 'transport')[] = [];
  /** Requests that the server took for new ones. */
  begun = 0;
  /** ACKs that reached the server. */
  acknowledged = 0;
  gaveUpOnAck = false;
  readonly client = new TransactionLayer({ clock: this.clock, timing: standardTiming });
  readonly server = new TransactionLayer({ clock: this.clock, timing: standardTiming });
  readonly #fates: Fate[];
  readonly #story: Story;
  readonly #toServer: Flow;
  readonly #toClient: Flow;
  #accepted: AcceptedInvite | undefined;

  constructor(told: Story) {
    this.#story = told;
    this.#fates = [...told.fates];
    this.#toServer = this.#flow((message) => this.#serverHears(message));
    this.#toClient = this.#flow((message) => this.client.receiveResponse(message, this.#toServer));
  }

  get left(): number {
    return this.client.count + this.server.count + this.clock.armed;
  }

  run(): void {
    const { method } = this.#story;
    const request = SipMessage.request(method, 'sip:b@192.0.2.9')
      .add('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKlossy')
      .add('From', '<sip:a@192.0.2.1>;tag=a')
      .add('To', '<sip:b@192.0.2.9>')
      .add('Call-ID', 'lossy')
      .add('CSeq', `1 ${method}`);
    this.client.startClient({
      request,
      flow: this.#toServer,
      response: ({ status }) => {
        this.heard.push(status);
        // The ACK of a 2xx is the transaction user's, once for each copy (§13.2.2.4).
        if (method === 'INVITE' && status >= 200 && status < 300) this.#acknowledge();
      },
      failed: (failure) => this.heard.push(failure),
    });
    this.clock.advance(300_000);
  }

  #acknowledge(): void {
    const ack = SipMessage.request('ACK', 'sip:b@192.0.2.9')
      .add('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKack')
      .add('From', '<sip:a@192.0.2.1>;tag=a')
      .add('To', '<sip:b@192.0.2.9>;tag=b')
      .add('Call-ID', 'lossy')
      .add('CSeq', '1 ACK');
    this.#toServer.send(ack.serialise(), 'lossy');
  }

  #serverHears(message: SipMessage): void {
    const known = this.server.findServer(message, message.method === 'ACK' ? 'INVITE' : message.method);
    if (message.method === 'ACK') {
      this.acknowledged++;
      if (known instanceof InviteServerTransaction) known.receiveAck();
      else this.#accepted?.stop();
      return;
    }
    if (known instanceof InviteServerTransaction) known.receiveInvite();
    else if (known) known.receiveRequest();
    else this.#begin(message);
  }

  #begin(request: SipMessage): void {
    this.begun++;
    const transaction = this.server.createServer(request, this.#toClient);
    for (const { status, afterMs } of this.#story.answers)
      this.clock.after(afterMs, () => {
        const text = responseTo(request, status, 'b').serialise();
        transaction.respond(status, text);
        if (request.method === 'INVITE' && status >= 200 && status < 300) this.#repeat(text);
      });
  }

  #repeat(text: string): void {
    this.#accepted = new AcceptedInvite({
      clock: this.clock,
      timing: standardTiming,
      flow: this.#toClient,
      callId: 'lossy',
      text,
      transactionId: 't',
      timedOut: () => {
        this.gaveUpOnAck = true;
      },
    });
    this.#accepted.start();
  }

  #flow(arrived: (message: SipMessage) => void): Flow {
    return {
      protocol: 'udp',
      reliable: false,
      remoteAddress: '192.0.2.9',
      remotePort: 5060,
      localAddress: '192.0.2.1',
      localPort: 5060,
      isAlive: true,
      send: (text) => {
        for (const delayMs of this.#fates.shift() ?? [1])
          this.clock.after(delayMs, () => {
            const message = parseSipMessage(Buffer.from(text));
            if (message) arrived(message);
          });
      },
      onClose: () => () => {},
    };
  }
}

describe('a request over a network that loses, repeats and reorders', () => {
  it('is one request for the server, has one outcome for the client, and leaves nothing behind', () => {
    fc.assert(
      fc.property(story, (told) => {
        const scene = new Scene(told);
        scene.run();
        expect(scene.begun).toBeLessThanOrEqual(1);
        const outcomes = scene.heard.filter((each) => typeof each === 'string' || each >= 200);
        const last = told.answers.at(-1)?.status ?? 0;
        // Each copy of a 2xx to an INVITE goes up (RFC 6026 §7.2), of everything else the first alone.
        if (told.method === 'INVITE' && last < 300) expect(new Set(outcomes).size).toBe(1);
        else expect(outcomes).toHaveLength(1);
        expect(['timeout', last]).toContain(outcomes[0]);
        // Nothing is said of provisionals after the outcome.
        const end = scene.heard.indexOf(outcomes[0] ?? 0);
        expect(scene.heard.slice(end).every((each) => typeof each === 'string' || each >= 200)).toBe(true);
        expect(scene.left).toBe(0);
      }),
      { numRuns: 2000, seed: 3261 },
    );
  });

  it('gets its answer, and its ACK arrives, when no more than three messages are lost', () => {
    fc.assert(
      fc.property(story, fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 3 }), (told, lost) => {
        const fates = told.fates.map((each) => (each.length === 0 ? [1] : each));
        while (fates.length < 13) fates.push([1]);
        for (const at of lost) fates[at] = [];
        const scene = new Scene({ ...told, fates });
        scene.run();
        const last = told.answers.at(-1)?.status ?? 0;
        expect(scene.begun).toBe(1);
        expect(scene.heard).toContain(last);
        expect(scene.heard).not.toContain('timeout');
        if (told.method === 'INVITE') expect(scene.acknowledged).toBeGreaterThan(0);
        expect(scene.gaveUpOnAck).toBe(false);
        expect(scene.left).toBe(0);
      }),
      { numRuns: 2000, seed: 6026 },
    );
  });
});
