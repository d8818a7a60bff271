import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import type { GuardBan } from '../../../src/codec/engine-control.ts';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import { Guard, sourceKey } from '../../../src/sip-engine/guard.ts';
import { guardLimits, isScanner } from '../../../src/sip-engine/guard-limits.ts';

const attacker = '203.0.113.9';
const office = '198.51.100.7';
const phone = '192.168.1.20';

let clock: VirtualClock;
let guard: Guard;
let bans: GuardBan[];

beforeEach(() => {
  clock = new VirtualClock();
  bans = [];
  guard = new Guard({ clock, localNetworks: ['192.168.0.0/16'], banned: (ban) => bans.push(ban) });
});

const plain = SipMessage.request('REGISTER', 'sip:office');
const withCredentials = SipMessage.request('REGISTER', 'sip:office').add('Authorization', 'Digest …');
const fromScanner = SipMessage.request('OPTIONS', 'sip:office').add('User-Agent', 'friendly-scanner');

function times(count: number, action: () => void): void {
  for (let i = 0; i < count; i++) action();
}

/** How many of `count` messages at once are admitted. */
function admitted(address: string, count: number): number {
  let passed = 0;
  times(count, () => {
    if (guard.admits(address)) passed++;
  });
  return passed;
}

describe('the rate of a source', () => {
  it('lets a stranger send a burst, then so many a second', () => {
    const { burst, perSecond } = guardLimits.stranger;
    expect(admitted(attacker, burst + 50)).toBe(burst);
    clock.advance(2000);
    expect(admitted(attacker, 100)).toBe(2 * perSecond);
    expect(guard.list().counters.limited).toBe(50 + 100 - 2 * perSecond);
  });

  it('is wide for local networks and for who has proven itself, at once', () => {
    expect(admitted(phone, 2000)).toBe(2000);
    admitted(office, guardLimits.stranger.burst + 1);
    guard.answered(withCredentials, 200, office);
    expect(admitted(office, 2000)).toBe(2000);
  });

  it('bans a stranger who does not stop', () => {
    admitted(attacker, guardLimits.stranger.burst + guardLimits.drops);
    expect(bans).toMatchObject([{ source: attacker, reason: 'flood' }]);
  });

  it('never bans a known source', () => {
    admitted(phone, guardLimits.known.burst + 50 * guardLimits.drops);
    expect(bans).toEqual([]);
  });

  it('counts one source for itself', () => {
    admitted(attacker, guardLimits.stranger.burst + 1);
    expect(guard.admits(office)).toBe(true);
  });
});

describe('wrong passwords', () => {
  it('bring a stranger a ban, and nothing of it is read until that ends', () => {
    times(guardLimits.failures - 1, () => guard.answered(withCredentials, 403, attacker));
    expect(guard.admits(attacker)).toBe(true);
    guard.answered(withCredentials, 401, attacker);
    expect(bans).toMatchObject([{ source: attacker, reason: 'passwords' }]);
    expect(admitted(attacker, 3)).toBe(0);
    expect(guard.list().bans).toMatchObject([{ source: attacker, count: 3 }]);
    clock.advance(guardLimits.banMs + 1);
    expect(guard.list().bans).toEqual([]);
    expect(guard.admits(attacker)).toBe(true);
  });

  it('are forgotten when they come seldom', () => {
    times(5 * guardLimits.failures, () => {
      guard.answered(withCredentials, 403, attacker);
      clock.advance(guardLimits.windowMs / (guardLimits.failures - 2));
    });
    expect(bans).toEqual([]);
  });

  it('bring each further ban twice the length, up to a day, until a day was quiet', () => {
    const lengths: number[] = [];
    const offend = () => {
      times(guardLimits.failures, () => guard.answered(withCredentials, 403, attacker));
      const ban = bans.at(-1)!;
      lengths.push(ban.until - ban.since);
      clock.advance(ban.until - ban.since + 1);
    };
    times(11, offend);
    const { banMs, maxBanMs } = guardLimits;
    expect(lengths.slice(0, 4)).toEqual([banMs, 2 * banMs, 4 * banMs, 8 * banMs]);
    expect(lengths.at(-1)).toBe(maxBanMs);
    clock.advance(guardLimits.forgiveMs);
    offend();
    expect(lengths.at(-1)).toBe(banMs);
  });

  it('of one phone do not lock out the office around it, unless they come by the hundred', () => {
    guard.answered(withCredentials, 200, office);
    times(guardLimits.failures * 10, () => guard.answered(withCredentials, 403, office));
    expect(guard.admits(office)).toBe(true);
    times(guardLimits.failures * guardLimits.knownFactor, () => guard.answered(withCredentials, 403, office));
    expect(guard.admits(office)).toBe(false);
  });

  it('are not what an old nonce is, for a source that is known', () => {
    guard.answered(withCredentials, 200, office);
    times(10_000, () => guard.answered(withCredentials, 401, office));
    expect(bans).toEqual([]);
    expect(guard.list().counters.failures).toBe(0);
  });

  it('count again in full an hour after the last right one', () => {
    guard.answered(withCredentials, 200, office);
    clock.advance(guardLimits.knownForMs + 1);
    times(guardLimits.failures, () => guard.answered(withCredentials, 403, office));
    expect(bans).toMatchObject([{ source: office, reason: 'passwords' }]);
  });
});

describe('probing and scanning', () => {
  it('asking again and again without ever answering a challenge brings a ban', () => {
    times(guardLimits.probes / 2, () => {
      guard.answered(plain, 401, attacker);
      guard.answered(plain, 404, attacker);
    });
    expect(bans).toMatchObject([{ source: attacker, reason: 'probing' }]);
  });

  it('an office of fifty phones that starts at once is none', () => {
    times(50, () => guard.answered(plain, 401, office));
    times(50, () => guard.answered(withCredentials, 200, office));
    times(1000, () => guard.answered(plain, 401, office));
    expect(bans).toEqual([]);
  });

  it('a known scanner gets no answer from the first message on, then a ban', () => {
    expect(guard.admitsRequest(fromScanner, attacker)).toBe(false);
    expect(bans).toEqual([]);
    times(guardLimits.scans - 1, () => guard.admitsRequest(fromScanner, attacker));
    expect(bans).toMatchObject([{ source: attacker, reason: 'scanner' }]);
    expect(guard.list().counters.scanners).toBe(guardLimits.scans);
  });

  it.each(['friendly-scanner', 'sipvicious/0.3', 'sipcli/v1.8', 'pplsip', 'VaxSIPUserAgent/3.5'])(
    '%s is one',
    (name) => {
      expect(isScanner(name)).toBe(true);
    },
  );

  it.each(['Yealink SIP-T46U 108.86.0.20', 'baresip v1.0.0', 'Linphone/5.2', 'Grandstream GXP2170', 'SIPp'])(
    '%s is none',
    (name) => {
      expect(isScanner(name)).toBe(false);
    },
  );
});

describe('the list of bans', () => {
  it('can be shortened by hand, and then nothing is held against the source', () => {
    times(guardLimits.failures, () => guard.answered(withCredentials, 403, attacker));
    expect(guard.release(attacker)).toBe(true);
    expect(guard.release(attacker)).toBe(false);
    expect(guard.admits(attacker)).toBe(true);
    times(guardLimits.failures, () => guard.answered(withCredentials, 403, attacker));
    const ban = bans.at(-1)!;
    expect(ban.until - ban.since).toBe(guardLimits.banMs);
  });

  it('and what is remembered of sources stay bounded', () => {
    const limits = { ...guardLimits, maxBans: 10, maxSources: 20 };
    const small = new Guard({ clock, localNetworks: [], limits });
    for (let i = 0; i < 200; i++) {
      clock.advance(1);
      times(limits.failures, () => small.answered(withCredentials, 403, `203.0.113.${i}`));
    }
    expect(small.list().bans).toHaveLength(10);
    expect(small.list().bans[0]?.source).toBe('203.0.113.199');
  });

  it('leaves loopback alone unless it is told not to', () => {
    times(100, () => guard.answered(withCredentials, 403, '127.0.0.1'));
    expect(admitted('127.0.0.1', 10_000)).toBe(10_000);
    const strict = new Guard({ clock, localNetworks: ['127.0.0.0/8'], guardsLoopback: true });
    times(guardLimits.failures, () => strict.answered(withCredentials, 403, '127.0.0.1'));
    expect(strict.admits('127.0.0.1')).toBe(false);
  });

  it('takes a /64 of IPv6 for one source', () => {
    expect(sourceKey('2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2::');
    expect(sourceKey('2001:db8::1')).toBe('2001:db8::');
    expect(sourceKey('198.51.100.7')).toBe('198.51.100.7');
    times(guardLimits.failures, () => guard.answered(withCredentials, 403, '2001:db8:1:2::1'));
    expect(guard.admits('2001:db8:1:2:3:4:5:6')).toBe(false);
    expect(guard.admits('2001:db8:1:3::1')).toBe(true);
  });
});
