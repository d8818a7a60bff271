import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { Provider } from '../support/provider.ts';

const outside = '36301112233';

describe('an outside call with two trunks', () => {
  let box: Instance;
  /** The first trunk: takes no call. */
  let failing: Provider;
  /** The second one: answers. */
  let carrier: Baresip;
  let desk: Baresip;

  beforeAll(async () => {
    const address = '127.0.0.3';
    const port = await freePorts();
    failing = await Provider.open({
      address,
      port,
      username: 'box',
      password: 'right password',
      algorithm: 'MD5',
    });
    carrier = await Baresip.start({
      user: outside,
      server: '127.0.0.1:9',
      toneHz: 500,
      register: false,
      address: carrierAddress,
      answerMode: 'auto',
    });
    box = await Instance.start({
      settings: office(carrier.sipPort, ({ trunks }) => {
        const login = { username: 'box', secret: 'right password' };
        trunks.unshift({ id: 'first', name: 'First', kind: 'peer', host: address, port, ...login });
      }),
    });
    await box.login();
    desk = await Baresip.start({ user: '103', server: box.sip, password: secrets['103'], toneHz: 900 });
    await eventually('both trunks are up', async () =>
      (await box.live()).trunks.every(({ state }) => state === 'up'),
    );
  });
  afterAll(async () => {
    await desk?.stop();
    await carrier?.stop();
    failing?.close();
    await box?.assertIdle();
    await box?.stop();
  });

  /** What the log says of the call that has just ended. */
  async function traceOf(callId: string): Promise<{ code: string; params: object }[]> {
    return eventually('the call is in the log', async () => {
      const { json } = await box.api('GET', `/calls/${callId}`);
      return json?.phase === 'ended' ? json.trace : undefined;
    });
  }

  it('goes over the second one when the first answers 503, and the log says why', async () => {
    failing.inviteStatus = 503;
    desk.dial(outside);
    await desk.waitFor('CALL_ESTABLISHED');
    const callId = (await box.live()).calls[0]?.callId ?? '';
    desk.hangUp();
    await carrier.waitFor('CALL_CLOSED');
    expect(failing.all('INVITE')).toHaveLength(1);
    const trace = await traceOf(callId);
    expect(trace).toContainEqual(
      expect.objectContaining({
        code: 'dial.next-trunk',
        params: { trunk: 'First', reason: 'unreachable', next: 'Carrier' },
      }),
    );
  });

  it('ends where the first one says busy: the second would say the same', async () => {
    failing.inviteStatus = 486;
    const seen = desk.events.length;
    const heard = carrier.events.length;
    desk.dial(outside);
    const closed = await desk.waitFor('CALL_CLOSED', { from: seen });
    expect(closed.param).toContain('486');
    expect(carrier.events).toHaveLength(heard);
  });

  it('goes over the second one when the first falls silent, before a caller gives up', async () => {
    failing.isSilent = true;
    const since = performance.now();
    const seen = desk.events.length;
    desk.dial(outside);
    await desk.waitFor('CALL_ESTABLISHED', { from: seen, timeoutMs: 20_000 });
    expect(performance.now() - since).toBeLessThan(15_000);
    const callId = (await box.live()).calls[0]?.callId ?? '';
    desk.hangUp();
    expect((await traceOf(callId)).map(({ code }) => code)).toContain('dial.next-trunk');
    // The next call does not wait for it.
    expect((await box.live()).trunks.find(({ trunkId }) => trunkId === 'first')?.state).toBe('down');
  });
});
