/** The capacity test. */
import type { CapacityPort } from '../ports.ts';
import { notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function capacityHandlers(parts: {
  capacity: CapacityPort;
  editor: SettingsEditor;
}): HandlersOf<'capacity' | 'testCapacity' | 'abortCapacityTest'> {
  const { capacity, editor } = parts;
  return {
    capacity: () => capacity.view(),

    testCapacity: (request) => {
      capacity.begin();
      editor.record(request, 'capacity.test', 'box');
      return capacity.view();
    },

    abortCapacityTest: (request) => {
      if (!capacity.abort()) throw notFound('capacity test under way');
      editor.record(request, 'capacity.abort', 'box');
      return new Response(null, { status: 204 });
    },
  };
}
