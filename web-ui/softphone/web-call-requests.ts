/** The signalling of a browser leg over the box's API. */
import { api } from '../api/client.ts';
import type { BrowserLegRequests } from './browser-leg.ts';

/** @param onOpened told the leg's id as soon as the box has one, so that it can be ended there whatever happens */
export function webCallRequests(onOpened: (legId: string) => void): BrowserLegRequests {
  return {
    open: async () => {
      const answer = await api('openWebCall');
      onOpened(answer.legId);
      return answer;
    },
    connect: (id, direction, dtlsParameters) =>
      api('connectWebCall', {
        params: { id },
        body: { direction, dtlsParameters: dtlsParameters as Record<string, unknown> },
      }),
    produce: (id, rtpParameters) =>
      api('produceWebCall', {
        params: { id },
        body: { rtpParameters: rtpParameters as Record<string, unknown> },
      }),
    consume: (id, rtpCapabilities) =>
      api('consumeWebCall', {
        params: { id },
        body: { rtpCapabilities: rtpCapabilities as Record<string, unknown> },
      }),
  };
}
