import { describe, expect, it } from 'vitest';
import { isTrunkFailure, planIncoming, planOutgoing } from '../../../src/domain/dial-plan.ts';
import { type SettingsInput, settingsSchema } from '../../../src/domain/settings.ts';

const office = (changes: Partial<SettingsInput> = {}) =>
  settingsSchema.parse({
    version: 1,
    extensions: [{ id: 'e101', number: '101', name: 'Anna', secret: 'password1' }],
    queues: [{ id: 'sales', name: 'Sales', number: '600' }],
    ivrMenus: [{ id: 'main', name: 'Main', number: '700' }],
    trunks: [
      { id: 'first', name: 'First', kind: 'peer', host: '192.0.2.1' },
      {
        id: 'second',
        name: 'Second',
        kind: 'peer',
        host: '192.0.2.2',
        inbound: { kind: 'queue', queueId: 'sales' },
      },
      { id: 'off', name: 'Off', kind: 'peer', host: '192.0.2.3', enabled: false },
    ],
    numbers: [
      { id: 'n1', number: '+3612345678', destination: { kind: 'ivr', ivrMenuId: 'main' } },
      { id: 'n2', number: '5550100', destination: { kind: 'extension', extensionId: 'e101' } },
    ],
    ...changes,
  });

const upTrunks =
  (...ids: string[]) =>
  (id: string): boolean =>
    ids.includes(id);

describe('a number dialled inside', () => {
  it.each([
    ['101', { kind: 'extension', extensionId: 'e101' }, 'dial.extension'],
    ['600', { kind: 'queue', queueId: 'sales' }, 'dial.queue'],
    ['700', { kind: 'ivr', ivrMenuId: 'main' }, 'dial.ivr'],
  ])('%s means what has that number here', (number, destination, code) => {
    const plan = planOutgoing({ settings: office(), isTrunkUp: upTrunks('first') }, number);
    expect(plan).toMatchObject({ kind: 'destination', destination, note: { code, params: { number } } });
  });

  it('stays inside though it would do as an outside number', () => {
    const settings = office({
      extensions: [{ id: 'long', number: '5550100', name: 'Long', secret: 'password1' }],
      numbers: [],
    });
    expect(planOutgoing({ settings, isTrunkUp: upTrunks('first') }, '5550100').kind).toBe('destination');
  });

  it.each([
    ['112', '112'],
    ['+36 1 234-5678', '+3612345678'],
    ['(01) 234.5678/9', '0123456789'],
  ])('%s goes out as %s', (dialled, number) => {
    const plan = planOutgoing({ settings: office(), isTrunkUp: upTrunks('first', 'second') }, dialled);
    expect(plan).toMatchObject({ kind: 'outside', trunkId: 'first', number, note: { code: 'dial.trunk' } });
  });

  it.each([
    ['10', 'unknown-number', 'dial.unknown-internal'],
    ['+1', 'bad-number', 'dial.bad-number'],
    ['*45', 'unknown-number', 'dial.unknown-internal'],
    ['', 'bad-number', 'dial.bad-number'],
    ['anna', 'bad-number', 'dial.bad-number'],
    ['123456789012345678901234', 'unknown-number', 'dial.unknown-internal'],
    ['555;phone-context=x', 'bad-number', 'dial.bad-number'],
  ])('%s is refused as %s', (number, reason, code) => {
    const plan = planOutgoing({ settings: office(), isTrunkUp: upTrunks('first') }, number);
    expect(plan).toMatchObject({ kind: 'reject', reason, note: { code } });
  });
});

describe('the trunk for an outside number', () => {
  const plan = (isTrunkUp: (id: string) => boolean, settings = office()) =>
    planOutgoing({ settings, isTrunkUp }, '5551234');

  it('is the first one that is up, and the note names those passed over', () => {
    expect(plan(upTrunks('second'))).toMatchObject({
      trunkId: 'second',
      note: {
        code: 'dial.trunk-instead',
        params: { number: '5551234', trunk: 'Second', passedOver: 'First' },
      },
    });
  });

  it('is the first enabled one when none is up: the call may go through all the same', () => {
    expect(plan(upTrunks('off'))).toMatchObject({ trunkId: 'first', note: { code: 'dial.trunk-not-up' } });
  });

  it('has the others that are up behind it, or every enabled one when none is known to be up', () => {
    expect(plan(upTrunks('first', 'second', 'off'))).toMatchObject({
      trunkId: 'first',
      others: [{ trunkId: 'second', name: 'Second' }],
    });
    expect(plan(upTrunks('second'))).toMatchObject({ trunkId: 'second', others: [] });
    expect(plan(upTrunks())).toMatchObject({ trunkId: 'first', others: [{ trunkId: 'second' }] });
  });

  it.each([
    ['unreachable', true],
    ['upstream-failed', true],
    ['auth-failed', true],
    ['no-trunk', true],
    ['busy', false],
    ['not-found', false],
    ['no-answer', false],
    ['rejected', false],
    ['bad-number', false],
    ['no-common-codec', false],
  ])('that ends a call as %s is passed over: %s', (reason, passedOver) => {
    expect(isTrunkFailure({ class: 'upstream', reason })).toBe(passedOver);
  });

  it('is none when none is enabled', () => {
    expect(plan(upTrunks('off'), office({ trunks: [] }))).toMatchObject({
      kind: 'reject',
      reason: 'no-trunk',
    });
  });
});

describe('a call from a trunk', () => {
  const settings = office();
  const second = settings.trunks[1];
  if (!second) throw new Error('the office of this test has two trunks');

  it.each([
    ['+3612345678', 'main'],
    ['003612345678', 'main'],
    ['3612345678', 'main'],
    ['+36 1 234 5678', 'main'],
  ])('to %s goes where that number is set to go', (to, ivrMenuId) => {
    expect(planIncoming(settings, second, to)).toMatchObject({
      destination: { kind: 'ivr', ivrMenuId },
      note: { code: 'dial.number', params: { number: to } },
    });
  });

  it('prefers the number written exactly so', () => {
    const twins = office({
      numbers: [
        { id: 'a', number: '005550100', destination: { kind: 'hang-up' } },
        { id: 'b', number: '5550100', destination: { kind: 'queue', queueId: 'sales' } },
      ],
    });
    expect(planIncoming(twins, second, '5550100').destination).toEqual({ kind: 'queue', queueId: 'sales' });
  });

  it.each(['12345678', '', '+', '00', 'main'])(
    'to %j, which is none of ours, goes where the trunk says',
    (to) => {
      expect(planIncoming(settings, second, to)).toMatchObject({
        destination: { kind: 'queue', queueId: 'sales' },
        note: { code: 'dial.trunk-inbound', params: { trunk: 'Second' } },
      });
    },
  );
});
