/** The dial-plan tester. */
import type { Clock } from '../../base/clock.ts';
import { testCall } from '../../domain/call-test.ts';
import type { CallsPort, LivePort, SettingsPort } from '../ports.ts';
import { invalidRequest } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

/** A moment this near is now: who is there at the moment counts too. */
const nowMs = 60_000;

export function callTestHandlers(parts: {
  settings: Pick<SettingsPort, 'current'>;
  live: Pick<LivePort, 'snapshot'>;
  calls: Pick<CallsPort, 'testTrunk'>;
  editor: SettingsEditor;
  clock: Clock;
}): HandlersOf<'testDialPlan' | 'testTrunk'> {
  return {
    testDialPlan: ({ body }) => {
      const settings = parts.settings.current;
      const { door, to } = body;
      const now = parts.clock.now();
      const at = body.at ?? now;
      const live = parts.live.snapshot();
      const isNow = Math.abs(at - now) < nowMs;
      if (door.kind === 'trunk' && !settings.trunks.some(({ id }) => id === door.trunkId))
        throw invalidRequest([{ path: 'door.trunkId', message: `there is no trunk ${door.trunkId}` }]);
      if (door.kind === 'extension' && !settings.extensions.some(({ id }) => id === door.extensionId))
        throw invalidRequest([
          { path: 'door.extensionId', message: `there is no extension ${door.extensionId}` },
        ]);
      const result = testCall(
        {
          settings,
          at,
          night: live.hours.night,
          isTrunkUp: (id) => live.trunks.some((trunk) => trunk.trunkId === id && trunk.state === 'up'),
          hasPhone: (id) =>
            live.phones.some((phone) => phone.extensionId === id && phone.contacts.length > 0),
          agentsFree: (id) =>
            isNow ? live.queues.find((queue) => queue.queueId === id)?.agentsAvailable : undefined,
        },
        { door, to },
      );
      return { at, ...result };
    },

    testTrunk: async (request) => {
      const { number } = request.body;
      const trunkId = request.params.id;
      const begun = await parts.calls.testTrunk({ trunkId, number, who: request.user.name });
      parts.editor.record(request, 'trunk.test-call', trunkId);
      return begun;
    },
  };
}
