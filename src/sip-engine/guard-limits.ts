/**
 * Figures of the guard. They begin where other exchanges have theirs (a ban after 8 failed passwords in 10 minutes,
 * 120 packets a minute), with bursts large enough for a whole office behind one address that starts at once.
 */

/** Messages per second and at once that a source may send; what exceeds it is dropped. */
export interface Rate {
  perSecond: number;
  burst: number;
}

export interface GuardLimits {
  /** A source that has proven nothing. */
  stranger: Rate;
  /** A source on a local network, one with a registered phone, or one that answered a request of ours. */
  known: Rate;
  /** What a new connection costs, in messages. */
  connectionCost: number;
  /** Failures are counted over this long, milliseconds. */
  windowMs: number;
  /** Failed passwords in the window that bring a stranger a ban. */
  failures: number;
  /** Challenges never answered, and requests for what is not there, in the window that bring a stranger a ban. */
  probes: number;
  /** Messages of known scanners in the window that bring a ban. */
  scans: number;
  /** Messages dropped for their rate in the window that bring a stranger a ban. */
  drops: number;
  /** A known source is banned only for failed passwords, and only for so many times more of them. */
  knownFactor: number;
  /** First ban of a source, milliseconds; each further one is twice as long … */
  banMs: number;
  /** … up to this. */
  maxBanMs: number;
  /** A source that kept quiet this long after its ban begins anew, milliseconds. */
  forgiveMs: number;
  /** A source stays known this long after it has proven itself, milliseconds. */
  knownForMs: number;
  /** Sources remembered; the one not heard of longest gives way. */
  maxSources: number;
  /** Bans remembered; the one that ends first gives way. */
  maxBans: number;
}

export const guardLimits: GuardLimits = {
  stranger: { perSecond: 5, burst: 120 },
  known: { perSecond: 500, burst: 5_000 },
  connectionCost: 5,
  windowMs: 600_000,
  failures: 8,
  probes: 100,
  scans: 3,
  drops: 1_000,
  knownFactor: 50,
  banMs: 300_000,
  maxBanMs: 86_400_000,
  forgiveMs: 86_400_000,
  knownForMs: 3_600_000,
  maxSources: 20_000,
  maxBans: 5_000,
};

/** How scanning and cracking tools name themselves, in lower case. */
const scanners = [
  'friendly-scanner',
  'friendly-request',
  'sipvicious',
  'sip-scan',
  'sipscan',
  'sundayddr',
  'sipsak',
  'sipcli',
  'sip-vicious',
  'smap',
  'iwar',
  'siparmyknife',
  'pplsip',
  'vaxsipuseragent',
  'vaxipuseragent',
  'eyebeam release 3006o',
  'sivus',
  'pp.sip',
  'sipptk',
  'svmap',
  'svwar',
  'svcrack',
];

/** True when a User-Agent is that of a tool nobody has on a desk. */
export function isScanner(userAgent: string): boolean {
  const lower = userAgent.slice(0, 200).toLowerCase();
  return scanners.some((each) => lower.includes(each));
}
