/** Calls from the browser: the signalling between mediasoup-client and the media side. A leg belongs to who opened it. */
import type { BrowserLegSignalling } from '../../telephony/contract.ts';
import type { SessionUser } from '../contract.ts';
import { notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';

/** Browser legs of one user at once; more are forgotten pages. */
const maxLegsOfUser = 4;

export function webCallHandlers(
  browser: BrowserLegSignalling,
): HandlersOf<
  | 'openWebCall'
  | 'connectWebCall'
  | 'produceWebCall'
  | 'consumeWebCall'
  | 'dialWebCall'
  | 'digitWebCall'
  | 'hangUpWebCall'
> {
  /** legId -> user id, oldest first. */
  const owners = new Map<string, string>();

  const mustOwn = (legId: string, user: SessionUser): void => {
    if (owners.get(legId) !== user.id) throw notFound(`browser call ${legId}`);
  };

  const forgetOldest = async (user: SessionUser): Promise<void> => {
    const own = [...owners].filter(([, owner]) => owner === user.id).map(([legId]) => legId);
    const surplus = own.slice(0, Math.max(0, own.length - maxLegsOfUser + 1));
    for (const legId of surplus) {
      owners.delete(legId);
      await browser.hangUp(legId);
    }
  };

  return {
    openWebCall: async ({ user }) => {
      await forgetOldest(user);
      const leg = await browser.open(user.name);
      owners.set(leg.legId, user.id);
      return leg;
    },
    connectWebCall: async ({ params, body, user }) => {
      mustOwn(params.id, user);
      await browser.connect(params.id, body.direction, body.dtlsParameters);
      return undefined;
    },
    produceWebCall: ({ params, body, user }) => {
      mustOwn(params.id, user);
      return browser.produce(params.id, body.rtpParameters);
    },
    consumeWebCall: ({ params, body, user }) => {
      mustOwn(params.id, user);
      return browser.consume(params.id, body.rtpCapabilities);
    },
    dialWebCall: ({ params, body, user }) => {
      mustOwn(params.id, user);
      browser.dial(params.id, body.to);
      return undefined;
    },
    digitWebCall: ({ params, body, user }) => {
      mustOwn(params.id, user);
      browser.digit(params.id, body.digit);
      return undefined;
    },
    hangUpWebCall: async ({ params, user }) => {
      if (owners.get(params.id) !== user.id) return undefined;
      owners.delete(params.id);
      await browser.hangUp(params.id);
      return undefined;
    },
  };
}
