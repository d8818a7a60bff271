/**
 * Call progress tones by country (ITU-T E.180 supplement 2), as lists of sounds and silences to be looped.
 * Levels are in dBm0; frequencies in Hz; durations in milliseconds.
 */
export type ToneName = 'ringback' | 'busy' | 'congestion';
export type TonePart =
  | { kind: 'tone'; frequenciesHz: number[]; durationMs: number; levelDbm0: number }
  | { kind: 'silence'; durationMs: number };

type Cadence = { hz: number[]; onOffMs: number[] };
type ToneSet = Record<ToneName, Cadence>;

const europe: ToneSet = {
  ringback: { hz: [425], onOffMs: [1000, 4000] },
  busy: { hz: [425], onOffMs: [500, 500] },
  congestion: { hz: [425], onOffMs: [250, 250] },
};

const sets: Record<string, ToneSet> = {
  GB: {
    ringback: { hz: [400, 450], onOffMs: [400, 200, 400, 2000] },
    busy: { hz: [400], onOffMs: [375, 375] },
    congestion: { hz: [400], onOffMs: [400, 350, 225, 525] },
  },
  US: {
    ringback: { hz: [440, 480], onOffMs: [2000, 4000] },
    busy: { hz: [480, 620], onOffMs: [500, 500] },
    congestion: { hz: [480, 620], onOffMs: [250, 250] },
  },
  HU: { ...europe, ringback: { hz: [425], onOffMs: [1250, 3750] }, busy: { hz: [425], onOffMs: [300, 300] } },
  RU: { ...europe, ringback: { hz: [425], onOffMs: [800, 3200] }, busy: { hz: [425], onOffMs: [400, 400] } },
  SK: { ...europe, busy: { hz: [425], onOffMs: [330, 330] }, congestion: { hz: [425], onOffMs: [165, 165] } },
  TR: {
    ringback: { hz: [450], onOffMs: [2000, 4000] },
    busy: { hz: [450], onOffMs: [500, 500] },
    congestion: { hz: [450], onOffMs: [200, 200, 200, 200, 200, 200, 600, 200] },
  },
};

/** One period of a tone as heard in `country` (ISO 3166, two letters); the European one where we know no other. */
export function tone(name: ToneName, country: string): TonePart[] {
  const { hz, onOffMs } = (sets[country] ?? europe)[name];
  return onOffMs.map((durationMs, i) =>
    i % 2 === 0
      ? { kind: 'tone', frequenciesHz: hz, durationMs, levelDbm0: -13 }
      : { kind: 'silence', durationMs },
  );
}
