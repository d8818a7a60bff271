import { describe, expect, it } from 'vitest';
import {
  type AdmissionState,
  type LoadFigures,
  observe,
  openAdmission,
  refusal,
  reserveOf,
  roomFor,
} from '../../../src/domain/admission.ts';
import { emergencyNumbers } from '../../../src/domain/emergency.ts';
import { type Extension, emptySettings } from '../../../src/domain/settings.ts';

const limit = 40;
const well: LoadFigures = {
  calls: 10,
  eventLoopLateMs: 5,
  audioLateMs: 2,
  memoryFreeBytes: 2e9,
  portPairsFree: 500,
  recordingLagMs: 0,
};

/** The same figures at four looks in a row. */
const lasting = (look: Partial<LoadFigures>): Partial<LoadFigures>[] => [look, look, look, look];

function seen(looks: Partial<LoadFigures>[], from: AdmissionState = openAdmission): AdmissionState {
  return looks.reduce<AdmissionState>((state, look) => observe(state, { ...well, ...look }, limit), from);
}

describe('admission of calls', () => {
  it.each([
    ['processor', { eventLoopLateMs: 200 }],
    ['audio', { audioLateMs: 180 }],
    ['memory', { memoryFreeBytes: 50e6 }],
    ['ports', { portPairsFree: 3 }],
    ['disk', { recordingLagMs: 6000 }],
  ] as const)('is short of %s when four looks in a row say so, and says which', (shortage, look) => {
    expect(seen([look, look, look]).short).toEqual([]);
    const short = seen(lasting(look));
    expect(short.short).toEqual([shortage]);
    expect(refusal(short, 'outside', 10, limit)).toBe(shortage);
  });

  it('takes calls again only after four looks in a row that are well', () => {
    const late = seen(lasting({ eventLoopLateMs: 200 }));
    expect(seen([{}, {}, {}], late).short).toEqual(['processor']);
    expect(seen([{}, {}, {}, {}], late).short).toEqual([]);
  });

  it('stays as it is between the two bounds, from whichever side it came', () => {
    const between = { eventLoopLateMs: 100 };
    expect(seen([between, between, between, between, between]).short).toEqual([]);
    const late = seen(lasting({ eventLoopLateMs: 200 }));
    expect(seen([{}, {}, {}, between, {}, {}, {}], late).short).toEqual(['processor']);
  });

  it('refuses the call that would be one too many at once, and takes calls again two below the limit', () => {
    expect(refusal(openAdmission, 'outside', limit - 1, limit)).toBeUndefined();
    expect(refusal(openAdmission, 'outside', limit, limit)).toBe('calls');
    const full = seen([{ calls: limit }]);
    expect(refusal(full, 'outside', limit - 1, limit)).toBe('calls');
    expect(seen([{ calls: limit - 1 }], full).short).toEqual(['calls']);
    expect(seen([{ calls: limit - 2 }], full).short).toEqual([]);
  });

  it('lets people of the office use a reserve beyond the limit, and no more', () => {
    const full = seen([{ calls: limit }]);
    expect(refusal(full, 'inside', limit, limit)).toBeUndefined();
    expect(refusal(full, 'inside', limit + reserveOf(limit) - 1, limit)).toBeUndefined();
    expect(refusal(full, 'inside', limit + reserveOf(limit), limit)).toBe('calls');
  });

  it('lets people of the office call while the machine is late, but not without ports or memory', () => {
    const late = seen(lasting({ eventLoopLateMs: 200 }));
    expect(refusal(late, 'inside', 10, limit)).toBeUndefined();
    const portless = seen(lasting({ portPairsFree: 0 }));
    expect(refusal(portless, 'inside', 10, limit)).toBe('ports');
  });

  it('never refuses an emergency call', () => {
    const worst = { calls: 1000, eventLoopLateMs: 900, memoryFreeBytes: 0, portPairsFree: 0 };
    expect(refusal(seen(lasting(worst)), 'emergency', 1000, limit)).toBeUndefined();
  });

  it('gives the SIP engine room for what is left, and only for the reserve while short', () => {
    expect(roomFor(openAdmission, 10, limit)).toBe(34);
    expect(roomFor(openAdmission, 60, limit)).toBe(0);
    expect(roomFor(seen(lasting({ audioLateMs: 200 })), 10, limit)).toBe(4);
    expect(roomFor(seen([{ calls: limit }]), limit + 3, limit)).toBe(1);
  });

  it('knows emergency numbers by country, without those that are extensions of the office', () => {
    const numbersIn = (country: string, ...taken: string[]): string[] =>
      emergencyNumbers({
        office: { ...emptySettings().office, country },
        extensions: taken.map((number) => ({ number }) as Extension),
      });
    expect(numbersIn('GB')).toEqual(['112', '911', '999', '18000']);
    expect(numbersIn('HU', '104', '911')).toEqual(['112', '105', '107']);
    expect(numbersIn('XX')).toEqual(['112', '911']);
  });
});
