import { describe, expect, test } from 'vitest';
import { estimateMos } from '../../../src/media-engine/edge/e-model.ts';
import { PeerLock } from '../../../src/media-engine/edge/peer-lock.ts';
import { ReceptionStats } from '../../../src/media-engine/edge/reception-stats.ts';
import { probationMs, quietMs, StreamWatch } from '../../../src/media-engine/edge/stream-watch.ts';

describe('the peer lock', () => {
  const signalled = (symmetric: boolean): PeerLock => {
    const lock = new PeerLock();
    lock.signalled('10.0.0.5', 4000, symmetric);
    return lock;
  };

  test('takes the signalled place at its first packet and nobody else after that', () => {
    const lock = signalled(true);
    expect(lock.accept('10.0.0.5', 4000, 1, 1)).toBe(true);
    expect(lock.accept('10.0.0.6', 4000, 1, 2)).toBe(false);
    expect(lock.accept('10.0.0.5', 4002, 1, 2)).toBe(false);
    expect(lock.accept('10.0.0.5', 4000, 2, 900)).toBe(true);
  });

  test('takes no other address unless NAT is allowed for', () => {
    const lock = signalled(false);
    for (let n = 0; n < 10; n++) expect(lock.accept('10.0.0.6', 4000, 1, n)).toBe(false);
    expect(lock.targetAddress).toBe('10.0.0.5');
  });

  test('takes another port of the signalled address, and still sends to the signalled one', () => {
    const lock = signalled(false);
    expect(lock.accept('10.0.0.5', 4444, 1, 1)).toBe(false);
    expect(lock.accept('10.0.0.5', 4444, 1, 2)).toBe(true);
    expect(lock.targetPort).toBe(4000);
  });

  test('takes a translated address when it is consistent, and sends there', () => {
    const lock = signalled(true);
    expect(lock.accept('198.51.100.7', 62_000, 5, 0xffff)).toBe(false);
    expect(lock.accept('198.51.100.7', 62_000, 5, 0)).toBe(true);
    expect([lock.targetAddress, lock.targetPort]).toEqual(['198.51.100.7', 62_000]);
    expect(lock.acceptsControl('198.51.100.7')).toBe(true);
    expect(lock.acceptsControl('10.0.0.5')).toBe(false);
  });

  test('is not opened by random packets from elsewhere', () => {
    const lock = signalled(true);
    for (let n = 0; n < 50; n++) expect(lock.accept('203.0.113.9', 1000 + n, n, n)).toBe(false);
    for (let n = 0; n < 50; n++) expect(lock.accept('203.0.113.9', 1000, 3, (n * 7919) & 0xffff)).toBe(false);
  });

  test('where a NAT is allowed for, learns only from the network that signalling comes from', () => {
    const lock = new PeerLock();
    lock.signalled('10.0.0.5', 4000, true, '198.51.100.7');
    for (let n = 0; n < 100; n++) expect(lock.accept('198.51.101.7', 62_000, 5, n)).toBe(false);
    expect(lock.accept('198.51.100.90', 62_000, 5, 1)).toBe(false);
    expect(lock.accept('198.51.100.90', 62_000, 5, 2)).toBe(true);
    lock.signalled('2001:db8:1:2::5', 4000, true, '2001:db8:1:2::7');
    expect(lock.accept('2001:db8:1:3::9', 62_000, 5, 2)).toBe(false);
    expect(lock.accept('2001:db8:1:3::9', 62_000, 5, 3)).toBe(false);
    expect(lock.accept('2001:db8:1:2::9', 62_000, 5, 2)).toBe(false);
    expect(lock.accept('2001:db8:1:2::9', 62_000, 5, 3)).toBe(true);
  });

  test('opens at a new negotiation, keeping what it learnt to send to until the peer is heard', () => {
    const lock = signalled(true);
    lock.accept('198.51.100.7', 62_000, 5, 1);
    lock.accept('198.51.100.7', 62_000, 5, 2);
    lock.signalled('10.0.0.5', 4000, true);
    expect(lock.targetPort).toBe(62_000);
    lock.accept('198.51.100.7', 63_000, 5, 3);
    expect(lock.accept('198.51.100.7', 63_000, 5, 4)).toBe(true);
    expect(lock.targetPort).toBe(63_000);
    lock.signalled('10.0.0.9', 5000, true);
    expect([lock.targetAddress, lock.targetPort]).toEqual(['10.0.0.9', 5000]);
  });
});

describe('the stream of a peer', () => {
  /** A watch that has heard numbers 990 to 1000 of SSRC 1, the last one at time 200. */
  const running = (): StreamWatch => {
    const watch = new StreamWatch();
    for (let n = 0; n <= 10; n++) watch.judge(1, 990 + n, n * 20);
    return watch;
  };

  test('is the first that comes, and late packets belong to it', () => {
    const watch = new StreamWatch();
    expect(watch.judge(7, 0xffff, 0)).toBe('begin');
    expect(watch.judge(7, 1, 20)).toBe('next');
    expect(watch.judge(7, 0, 21)).toBe('next');
    expect(watch.judge(7, 2500, 22)).toBe('next');
  });

  test.each([0, 1, 63, 64, 65, 127, 128, 255, 0x8000, 0xffff])(
    'takes each number once, beginning with %d',
    (first) => {
      const watch = new StreamWatch();
      for (let n = 0; n < 300; n++) expect(watch.judge(1, (first + n) & 0xffff, n)).not.toBe('repeated');
      for (let n = 299; n >= 200; n--) expect(watch.judge(1, (first + n) & 0xffff, n)).toBe('repeated');
    },
  );

  test('is not taken over while it runs, by however many packets of another SSRC', () => {
    const watch = running();
    for (let n = 1; n < 500; n++) {
      for (let k = 0; k < 3; k++) expect(watch.judge(2, 3 * n + k, 200 + n * 20 + k)).toBe('intruder');
      expect(watch.judge(1, 1000 + n, 200 + n * 20 + 5)).toBe('next');
    }
  });

  test('is not moved by old packets sent again while it runs', () => {
    const watch = running();
    for (let n = 1; n < 200; n++) {
      expect(watch.judge(1, 300 + n, 200 + n * 20)).toBe('intruder');
      expect(watch.judge(1, 1000 + n, 200 + n * 20 + 1)).toBe('next');
    }
  });

  test('is not taken over by what a pause of the machine hands over at once', () => {
    const watch = running();
    const nowMs = 200 + 5 * quietMs;
    expect(watch.judge(2, 1, nowMs)).toBe('intruder');
    for (let n = 1; n < 50; n++) {
      expect(watch.judge(1, 1000 + n, nowMs + n)).toBe('next');
      for (let k = 0; k < 3; k++) expect(watch.judge(2, 3 * n + k, nowMs + n)).toBe('intruder');
    }
  });

  test('gives way to another SSRC, or another number, that goes on alone for a while', () => {
    for (const [ssrc, sequence, outcome] of [
      [2, 50, 'begin'],
      [1, 30_000, 'next'],
    ] as const) {
      const watch = running();
      for (let n = 0; n * 20 < probationMs; n++)
        expect(watch.judge(ssrc, sequence + n, 220 + n * 20)).toBe('intruder');
      const then = sequence + probationMs / 20;
      expect(watch.judge(ssrc, then, 220 + probationMs)).toBe(outcome);
      expect(watch.judge(ssrc, then + 1, 240 + probationMs)).toBe('next');
    }
  });

  test('gives way at the second packet when it has long been quiet', () => {
    const watch = running();
    expect(watch.judge(2, 50, 200 + quietMs)).toBe('intruder');
    expect(watch.judge(2, 51, 220 + quietMs)).toBe('begin');
  });

  test('may be any after a negotiation, at once', () => {
    const watch = running();
    watch.reopen();
    expect(watch.judge(9, 4, 210)).toBe('begin');
    expect(watch.judge(1, 1001, 220)).toBe('intruder');
  });
});

describe('reception statistics', () => {
  const stream = (stats: ReceptionStats, sequences: number[], ssrc = 1): void => {
    for (const sequence of sequences)
      stats.receive(sequence & 0xffff, sequence * 160, ssrc, 160, sequence * 20);
  };

  test('count what is missing between the first and the highest number', () => {
    const stats = new ReceptionStats();
    stream(stats, [65_533, 65_534, 65_536, 65_540, 65_538]);
    expect([stats.packetsReceived, stats.packetsLost, stats.bytesReceived]).toEqual([5, 3, 800]);
    expect(stats.report()).toMatchObject({ highestSequence: 65_540, cumulativeLost: 3, fractionLost: 96 });
  });

  test('take what comes twice for no gain', () => {
    const stats = new ReceptionStats();
    stream(stats, [1, 2, 2, 2, 3]);
    expect(stats.packetsLost).toBe(0);
  });

  test('begin anew with another SSRC and keep the total', () => {
    const stats = new ReceptionStats();
    stream(stats, [1, 2, 4]);
    expect(stats.receive(9000, 0, 2, 160, 100)).toBe(true);
    stream(stats, [9001, 9003], 2);
    expect([stats.packetsReceived, stats.packetsLost, stats.ssrc]).toEqual([6, 2, 2]);
  });

  test('take a jump of the same SSRC for a restart, not for thousands of losses', () => {
    const stats = new ReceptionStats();
    stream(stats, [1, 2, 20_000, 20_001]);
    expect(stats.packetsLost).toBe(0);
  });

  test('report the fraction lost since the report before', () => {
    const stats = new ReceptionStats();
    stream(stats, [0, 1, 3]);
    expect(stats.report().fractionLost).toBe(64);
    stream(stats, [4, 5, 6, 7]);
    expect(stats.report().fractionLost).toBe(0);
  });

  test('have the jitter of RFC 3550: 16 ms back and forth settles at 16 ms', () => {
    const stats = new ReceptionStats();
    for (let n = 0; n < 500; n++) stats.receive(n, n * 160, 1, 160, n * 20 + (n % 2) * 16);
    expect(stats.report().jitter).toBe(128);
    expect(stats.jitterMaxMs).toBeCloseTo(16, 1);
    expect(stats.jitterMeanMs).toBeGreaterThan(14);
  });

  test('take a new timeline after a pause for no jitter', () => {
    const stats = new ReceptionStats();
    for (let n = 0; n < 10; n++) stats.receive(n, n * 160, 1, 160, n * 20);
    for (let n = 10; n < 20; n++) stats.receive(n, 70_000_000 + n * 160, 1, 160, 60_000 + n * 20);
    expect(stats.jitterMaxMs).toBe(0);
  });
});

describe('the opinion score', () => {
  // R 93.2 less 0.96 for 40 ms: computed by hand from the formulas of G.107.
  test('of a clean local call is 4.39', () => {
    expect(estimateMos(0, 40)).toBeCloseTo(4.39, 2);
  });

  test('falls with loss and with delay, and stays within 1 and 4.5', () => {
    expect(estimateMos(0.02, 40)).toBeCloseTo(4.25, 1);
    expect(estimateMos(0.1, 40)).toBeLessThan(3.6);
    expect(estimateMos(0, 400)).toBeLessThan(3.5);
    expect(estimateMos(1, 5000)).toBe(1);
    expect(estimateMos(0, 0)).toBeLessThanOrEqual(4.5);
  });
});
