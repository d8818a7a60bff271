import { describe, expect, it } from 'vitest';
import { ConnectionLimits, connectionLimits } from '../../../src/sip-engine/connection-limits.ts';

describe('connections', () => {
  const known = new Set<string>();
  const make = (): ConnectionLimits => {
    known.clear();
    return new ConnectionLimits({ isKnown: (address) => known.has(address) });
  };
  /** How many `address` gets, of `wanted`. */
  const take = (limits: ConnectionLimits, address: string, wanted: number): (() => void)[] =>
    Array.from({ length: wanted }, () => limits.take(address)).filter((each) => each !== null);

  it('of a stranger are few, of a known source many; an IPv6 source is its /64', () => {
    const limits = make();
    expect(take(limits, '203.0.113.1', 5000)).toHaveLength(connectionLimits.stranger);
    known.add('203.0.113.2');
    expect(take(limits, '203.0.113.2', 5000)).toHaveLength(connectionLimits.known);
    expect(take(limits, '2001:db8::1', 5000)).toHaveLength(connectionLimits.stranger);
    expect(take(limits, '2001:db8::2', 5000)).toHaveLength(0);
  });

  it('of strangers leave half of all places to those who are known', () => {
    const limits = make();
    let strangers = 0;
    for (let i = 0; i < 100; i++) strangers += take(limits, `203.0.113.${i}`, 5000).length;
    expect(strangers).toBe(connectionLimits.strangers);
    known.add('192.0.2.1').add('192.0.2.2');
    const phones = take(limits, '192.0.2.1', 5000).length + take(limits, '192.0.2.2', 5000).length;
    expect(strangers + phones).toBe(connectionLimits.total);
  });

  it('give their place back when they end, once', () => {
    const limits = make();
    const places = take(limits, '203.0.113.1', connectionLimits.stranger);
    expect(limits.take('203.0.113.1')).toBeNull();
    places[0]?.();
    places[0]?.();
    expect(take(limits, '203.0.113.1', 5)).toHaveLength(1);
  });
});
