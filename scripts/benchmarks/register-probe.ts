import { WirePhone } from '../../test/support/wire-phone.ts';

/** Asks again every 50 ms until a REGISTER is answered; performance.now() of that answer. */
export async function registerUntilAnswered(
  sipPort: number,
  number: string,
  secret: string,
): Promise<number> {
  const phone = await WirePhone.open({ number, secret, server: `127.0.0.1:${sipPort}` });
  const probe = setInterval(() => {
    phone.send(`REGISTER sip:127.0.0.1:${sipPort} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bKprobe${Math.random().toString(36).slice(2)};rport
From: <sip:${number}@127.0.0.1>;tag=probe
To: <sip:${number}@127.0.0.1>
Call-ID: probe-${Math.random().toString(36).slice(2)}
CSeq: 1 REGISTER
Contact: ${phone.contact}
Max-Forwards: 70
Content-Length: 0

`);
  }, 50);
  try {
    return (await phone.waitFor('SIP/2.0 401', { timeoutMs: 30_000 })).atMs;
  } finally {
    clearInterval(probe);
    phone.close();
  }
}
