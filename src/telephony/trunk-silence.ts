/**
 * A trunk that says nothing to a call: the SIP stack gives up after 32 s, longer than a caller listens to silence. A
 * call that is being set up abroad is silent too (100 Trying is not told to us), so the trunk is asked whether it is
 * there at all.
 */
import type { Clock } from '../base/clock.ts';
import type { Leg } from './contract.ts';
import { terminationOf } from './termination-map.ts';

/** Calls that go through ring earlier than this, mostly. */
export const silenceMs = 5_000;

/** Ends the leg as unreachable when nothing comes of it and `isThere` says that nobody is there. */
export function endWhenSilent(leg: Leg, clock: Clock, isThere: () => Promise<boolean>): void {
  let isSilent = true;
  const timer = clock.after(silenceMs, () => {
    void isThere().then((answers) => {
      if (!answers && isSilent) void leg.hangUp(terminationOf('unreachable'));
    });
  });
  const heard = (): void => {
    isSilent = false;
    timer.cancel();
  };
  leg.events.on('ringing', heard);
  leg.events.on('early', heard);
  leg.events.on('answered', heard);
  leg.events.on('over', heard);
}
