/** Legs on which nothing is heard any more: those that are silent legally survive, those that are gone end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import type { Leg } from '../../src/telephony/contract.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { SipPeer, sdp } from './sip-engine-support.ts';

const sipPort = 24_400;
const places = { muted: '127.0.0.3', held: '127.0.0.4', forgetful: '127.0.0.5', unplugged: '127.0.0.6' };
type Name = keyof typeof places;
/** The media engine is suspicious after 30 s. */
const suspicionMs = 30_000;

let engines: Engines;
const peers = new Map<Name, SipPeer>();
const probed = new Set<Name>();

beforeAll(async () => {
  for (const [name, own] of Object.entries(places) as [Name, string][]) {
    const peer = await SipPeer.open(sipPort, 'udp', { engine: '127.0.0.1', own });
    peer.onRequest = (request) => {
      if (request.method !== 'OPTIONS') return false;
      if (request.toTag !== '') probed.add(name);
      peer.answer(request, request.toTag !== '' && name === 'forgetful' ? 481 : 200);
      return true;
    };
    peers.set(name, peer);
  }
  const trunks = (Object.keys(places) as Name[]).map((id) => ({
    id,
    name: id,
    kind: 'peer' as const,
    host: places[id],
    port: peers.get(id)?.port ?? 0,
  }));
  engines = await Engines.start(sipPort, settingsSchema.parse({ version: 1, trunks }));
});
afterAll(async () => {
  for (const peer of peers.values()) peer.close();
  await engines?.stop();
});

interface Talk {
  leg: Leg;
  peer: SipPeer;
  invite: SipMessage;
  told: unknown[][];
}

async function talk(trunkId: Name): Promise<Talk> {
  const peer = peers.get(trunkId);
  if (!peer) throw new Error(trunkId);
  const target = { kind: 'trunk', trunkId, number: '36301112233' } as const;
  const leg = engines.room.dial({ target, callerNumber: '100', timeoutMs: 10_000 });
  const told: unknown[][] = [];
  for (const name of ['silent', 'alive', 'ended'] as const)
    leg.events.on(name, (...args: unknown[]) => told.push([name, ...args]));
  const invite = await peer.hearsRequest('INVITE');
  peer.answer(invite, 200, sdp('sendrecv', 4000).replaceAll('127.0.0.1', places[trunkId]));
  await peer.hearsRequest('ACK');
  await eventually('it is answered', () => leg.state === 'up');
  return { leg, peer, invite, told };
}

describe('a leg that is silent for half a minute', () => {
  it('lives while its phone answers or holds, and ends when the phone does not know it or is gone', async () => {
    const [muted, held, forgetful, unplugged] = await Promise.all([
      talk('muted'),
      talk('held'),
      talk('forgetful'),
      talk('unplugged'),
    ]);
    const hold = held.peer.inDialogOf('INVITE', held.invite, 1).add('Content-Type', 'application/sdp');
    hold.body = sdp('inactive', 4001).replaceAll('127.0.0.1', places.held);
    held.peer.send(hold);
    held.peer.acknowledge(await held.peer.hearsStatus(200, 'INVITE'));
    unplugged.peer.close();
    const ends = (each: Talk) =>
      eventually('its end', () => each.told.find(([name]) => name === 'ended'), suspicionMs + 8_000);
    const timedOut = { class: 'client', reason: 'media-timeout' };
    for (const gone of [forgetful, unplugged]) {
      const [, termination, quality] = (await ends(gone)) as unknown[];
      expect(termination).toEqual(timedOut);
      expect(quality).toMatchObject({ longestSilenceMs: expect.any(Number) });
      expect((quality as { longestSilenceMs: number }).longestSilenceMs).toBeGreaterThanOrEqual(suspicionMs);
    }
    forgetful.peer.answer(await forgetful.peer.hearsRequest('BYE'), 481);
    await eventually('the muted one is explained', () => muted.told.some(([name]) => name === 'alive'));
    expect([muted.leg.state, held.leg.state]).toEqual(['up', 'up']);
    expect(held.told).toEqual([]);
    expect([...probed].sort()).toEqual(['forgetful', 'muted']);
    for (const each of [muted, held]) {
      const ended = each.leg.hangUp({ class: 'success', reason: 'hung-up' });
      each.peer.answer(await each.peer.hearsRequest('BYE'), 200);
      await ended;
    }
    await engines.assertIdle();
  });
});
