import { expect, it } from 'vitest';
import { settle, TelephonyBench } from '../../support/telephony-bench.ts';

it('legs joined before one of them has media are joined as soon as it has', async () => {
  const bench = await TelephonyBench.start();
  const first = await bench.answeredCall({ callId: 'first' });
  const { call, dialogId } = await bench.trunkCall({ callId: 'second' });
  const joined = bench.telephony.bridge(first.leg, call.leg);
  await settle();
  const operations = (): string[] => bench.media.calls.map(({ op }) => op);
  expect(operations()).not.toContain('bridge.join');
  const answered = call.leg.answer();
  await joined; // and not only when the caller has acknowledged
  expect(operations().lastIndexOf('bridge.join')).toBeGreaterThan(operations().lastIndexOf('leg.create'));
  await settle();
  bench.sip.receiveIn(dialogId, 'ACK');
  await answered;
});

it('a leg that ends before it ever had media cannot be joined', async () => {
  const bench = await TelephonyBench.start();
  const first = await bench.answeredCall({ callId: 'first' });
  const { call } = await bench.trunkCall({ callId: 'second' });
  const joined = bench.telephony.bridge(first.leg, call.leg);
  joined.catch(() => {});
  await call.leg.hangUp({ class: 'success', reason: 'hung-up' });
  await expect(joined).rejects.toMatchObject({ code: 'sip.cancelled' });
});
