/** REGISTER with digest each second through the whole product: challenge, credentials, 200. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { answerChallenge, bestChallenge } from '../../src/codec/digest.ts';
import { Instance } from '../../test/support/instance.ts';
import { office, secrets } from '../../test/support/office.ts';
import type { Figure } from './figure.ts';

interface Outcome {
  registered: number;
  refused: number;
  unanswered: number;
}

/** Tries each rate for `seconds`; reports the last one that went clean. */
export async function measureRegister(rates: number[], seconds: number): Promise<Figure[]> {
  const box = await Instance.start({ settings: office(5060), env: { CORDBOARD_LOG: 'warn' } });
  try {
    let clean = 0;
    const tried: string[] = [];
    for (const rate of rates) {
      const { registered, refused, unanswered } = await registerAt(box.ports.sip, rate, seconds);
      tried.push(`${rate}/s: ${registered} done, ${refused} refused, ${unanswered} unanswered`);
      if (refused > 0 || unanswered > 0) break;
      clean = rate;
    }
    return [
      {
        what: 'REGISTER with digest a second, none refused, none unanswered',
        measured: clean,
        unit: '/s',
        budget: 300,
        ambition: 2000,
        bound: 'least',
        note: tried.join('; '),
      },
    ];
  } finally {
    await box.stop();
  }
}

/** Two transactions for each registration; an answer later than 500 ms would have been asked for again. */
async function registerAt(port: number, rate: number, seconds: number): Promise<Outcome> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const number = '101';
  const uri = `sip:127.0.0.1:${port}`;
  const outcome: Outcome = { registered: 0, refused: 0, unanswered: 0 };
  const askedAt = new Map<string, number>();
  const send = (callId: string, cseq: number, authorization: string): void => {
    socket.send(
      [
        `REGISTER ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bK${callId}x${cseq};rport`,
        `From: <sip:${number}@127.0.0.1>;tag=${callId}`,
        `To: <sip:${number}@127.0.0.1>`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} REGISTER`,
        `Contact: <sip:${number}@127.0.0.1:${socket.address().port}>`,
        'Expires: 300',
        'Max-Forwards: 70',
        ...(authorization ? [`Authorization: ${authorization}`] : []),
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
      port,
      '127.0.0.1',
    );
  };
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1');
    const callId = /^Call-ID: (\S+)/im.exec(text)?.[1] ?? '';
    const asked = askedAt.get(callId);
    if (asked === undefined) return;
    if (text.startsWith('SIP/2.0 401')) {
      const challenge = bestChallenge(/^WWW-Authenticate: (.+)$/im.exec(text)?.[1] ?? '');
      if (!challenge) return;
      const password = secrets[number];
      const options = {
        challenge,
        username: number,
        password,
        method: 'REGISTER',
        uri,
        cnonce: callId,
        nonceCount: 1,
      };
      send(callId, 2, answerChallenge(options));
      return;
    }
    askedAt.delete(callId);
    if (!text.startsWith('SIP/2.0 200')) outcome.refused++;
    else if (performance.now() - asked > 500) outcome.unanswered++;
    else outcome.registered++;
  });
  const total = rate * seconds;
  const startedAt = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * rate) / 1000));
    for (; sent < due; sent++) {
      const callId = `bench-${rate}-${sent}`;
      askedAt.set(callId, performance.now());
      send(callId, 1, '');
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (let i = 0; i < 100 && askedAt.size > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20));
  outcome.unanswered += askedAt.size;
  socket.close();
  return outcome;
}
