/** The places of whoever sits here. */
import { computed } from '@preact/signals';
import { user } from '../state/session.ts';
import { places } from './places.ts';
import { placesFor } from './way.ts';

export const myPlaces = computed(() =>
  placesFor(places, user.value?.role, user.value?.agentId !== undefined),
);
