/** Every figure from naive sums by its formula as a book has it, written without a look at `domain/metrics/figures.ts`. */
import type { FigureId } from '../../src/domain/metrics/figures.ts';
import { measures } from '../../src/domain/metrics/measures.ts';
import type { NaiveSums } from './naive-groups.ts';

export function naiveFigures(some: NaiveSums): Record<FigureId, number | null> {
  const s = {
    ...Object.fromEntries(measures.map((measure) => [measure, 0])),
    ...some,
  } as Required<NaiveSums>;
  const per = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
  const over = s.answered + s.abandoned + s.abandonedShort + s.overflowed + s.lost;
  const handling = s.agentTalkMs + s.agentHoldMs + s.agentWrapUpMs;
  return {
    offered: s.offered,
    answered: s.answered,
    abandoned: s.abandoned,
    'abandoned-short': s.abandonedShort,
    overflowed: s.overflowed,
    lost: s.lost,
    waiting: s.offered - over,
    'answer-rate': per(s.answered, over),
    'abandon-rate': per(s.abandoned, over),
    'service-level-reached': per(s.answeredInTime + s.abandonedInTime, over),
    'service-level-of-answered': per(s.answeredInTime, s.answered),
    'service-level-of-offered': per(s.answeredInTime, over),
    'service-level-without-early': per(s.answeredInTime, over - s.abandonedInTime),
    'service-level-with-short': per(s.answeredInTime + s.abandonedShort, over),
    'service-level-without-short': per(s.answeredInTime, over - s.abandonedShort),
    asa: per(s.waitAnsweredMs, s.answered),
    'wait-of-abandoned': per(s.waitAbandonedMs, s.abandoned),
    'longest-wait': s.offered + over > 0 ? s.longestWaitMs : null,
    handled: s.handled,
    aht: per(s.talkMs + s.holdMs + s.wrapUpMs, s.handled),
    talk: s.talkMs,
    hold: s.holdMs,
    'wrap-up': s.wrapUpMs,
    'talk-mean': per(s.talkMs, s.handled),
    'hold-mean': per(s.holdMs, s.handled),
    'wrap-up-mean': per(s.wrapUpMs, s.handled),
    transferred: s.transferred,
    'transfer-rate': per(s.transferred, s.handled),
    offers: s.offers,
    'offers-missed': s.offersMissed,
    'offers-rejected': s.offersRejected,
    'offers-failed': s.offersFailed,
    'offers-canceled': s.offersCanceled,
    'missed-rate': per(
      s.offersMissed + s.offersRejected,
      s.offersAnswered + s.offersMissed + s.offersRejected,
    ),
    'ring-mean': per(s.ringAnsweredMs, s.offersAnswered),
    logins: s.logins,
    'sessions-cut': s.sessionsCut,
    'login-time': s.loginMs,
    'pause-time': s.pauseMs,
    'available-time': s.availableMs,
    'talk-time': s.agentTalkMs,
    'hold-time': s.agentHoldMs,
    'wrap-up-time': s.agentWrapUpMs,
    occupancy: per(handling, handling + s.availableMs),
    'pause-share': per(s.pauseMs, s.loginMs),
    'inbound-calls': s.inboundCalls,
    'internal-calls': s.internalCalls,
    'direct-connected': s.directConnected,
    'direct-talk-mean': per(s.directTalkMs, s.directEnded),
    'outbound-attempts': s.outboundAttempts,
    'outbound-connected': s.outboundConnected,
    'connect-rate': per(s.outboundConnected, s.outboundConnected + s.outboundFailed),
    'outbound-talk': s.outboundTalkMs,
    'outbound-talk-mean': per(s.outboundTalkMs, s.outboundEnded),
  };
}
