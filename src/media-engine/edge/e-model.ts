/**
 * The E-model of ITU-T G.107 with its default values and the terms that a packet network moves:
 *
 *     R   = R0 - Id - Ie,eff                       R0 = 93.2 (G.107 table 3, everything at its default)
 *     Id  = 0.024 d + 0.11 (d - 177.3) H(d - 177.3)    d: one-way delay in ms (Cole and Rosenbluth's fit, 2001)
 *     Ie,eff = Ie + (95 - Ie) Ppl / (Ppl + Bpl)    G.107 (7-29), random loss; G.711 with concealment: Ie = 0,
 *                                                  Bpl = 25.1 (G.113 appendix I)
 *     MOS = 1 + 0.035 R + R (R - 60) (100 - R) 7e-6    G.107 annex B
 */
const defaultRating = 93.2;
const equipmentImpairment = 0;
const lossRobustness = 25.1;

/**
 * Mean opinion score of a conversation, 1..4.5.
 * @param lossFraction 0..1
 * @param oneWayDelayMs mouth to ear, jitter buffer included
 */
export function estimateMos(lossFraction: number, oneWayDelayMs: number): number {
  const lossPercent = Math.min(100, Math.max(0, lossFraction * 100));
  const late = oneWayDelayMs > 177.3 ? oneWayDelayMs - 177.3 : 0;
  const delayImpairment = 0.024 * oneWayDelayMs + 0.11 * late;
  const lossImpairment =
    equipmentImpairment + ((95 - equipmentImpairment) * lossPercent) / (lossPercent + lossRobustness);
  const rating = Math.min(100, Math.max(0, defaultRating - delayImpairment - lossImpairment));
  const mos = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
  return Math.min(4.5, Math.max(1, mos));
}
