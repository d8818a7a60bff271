import { describe, expect, it } from 'vitest';
import {
  addressOf,
  callsHref,
  moved,
  queryOf,
  withDays,
  withPeriod,
} from '../../../web-ui/pages/reports/report-query.ts';

describe('the address of a report', () => {
  it('says the query, and back', () => {
    const query = {
      period: 'week',
      by: 'hour',
      date: '2026-03-29',
      queueId: 'sales',
      compare: 'true',
    } as const;
    expect(queryOf(Object.fromEntries(new URLSearchParams(addressOf(query))))).toEqual(query);
    expect(queryOf({})).toEqual({ period: 'day', by: 'queue' });
  });

  it('that says nonsense shows today by queue, and never asks what the box refuses', () => {
    expect(queryOf({ period: 'year', by: 'moon', date: '2026-02-30' })).toEqual({
      period: 'day',
      by: 'queue',
    });
    expect(queryOf({ period: 'custom', date: '2026-02-01' })).toMatchObject({ period: 'day' });
    expect(queryOf({ by: 'hour', queueId: 'a', agentId: 'b' })).not.toHaveProperty('agentId');
    expect(queryOf({ by: 'day', queueId: 'a', agentId: 'b' })).toHaveProperty('agentId');
  });
});

describe('another period', () => {
  const shown = { date: '2026-03-01', to: '2026-03-31' };
  const month = { period: 'month', by: 'day', date: '2026-03-15' } as const;

  it('is the one before or after of the same kind', () => {
    expect(moved(month, shown, true).date).toBe('2026-02-01');
    expect(moved(month, shown, false).date).toBe('2026-04-01');
    const day = { period: 'day', by: 'queue' } as const;
    expect(moved(day, { date: '2026-03-29', to: '2026-03-29' }, false).date).toBe('2026-03-30');
  });

  it('of chosen days has as many days', () => {
    const custom = { period: 'custom', by: 'day', date: '2026-03-01', to: '2026-03-10' } as const;
    const dates = { date: '2026-03-01', to: '2026-03-10' };
    expect(moved(custom, dates, true)).toMatchObject({ date: '2026-02-19', to: '2026-02-28' });
    expect(moved(custom, dates, false)).toMatchObject({ date: '2026-03-11', to: '2026-03-20' });
  });

  it('of another kind is about the days that are shown', () => {
    expect(withPeriod(month, shown, 'custom')).toMatchObject({ date: '2026-03-01', to: '2026-03-31' });
    expect(withPeriod(month, shown, 'week')).toEqual({ period: 'week', by: 'day', date: '2026-03-01' });
  });

  it('never ends before it begins', () => {
    expect(withDays(month, '2026-03-20', '2026-03-10')).toMatchObject({
      date: '2026-03-20',
      to: '2026-03-20',
    });
    expect(withDays(month, '', '2026-03-10')).toBe(month);
  });
});

describe('the calls behind a figure', () => {
  const shown = { date: '2026-03-01', to: '2026-03-31' };

  it('are those of its row and period', () => {
    expect(callsHref({ by: 'queue' }, shown, 'sales', { abandoned: 'true' })).toBe(
      '/calls?from=2026-03-01&until=2026-03-31&queueId=sales&abandoned=true',
    );
    expect(callsHref({ by: 'day', agentId: 'anna' }, shown, '2026-03-07')).toBe(
      '/calls?from=2026-03-07&until=2026-03-07&agentId=anna',
    );
    expect(callsHref({ by: 'queue', queueId: 'help' }, shown, undefined)).toBe(
      '/calls?from=2026-03-01&until=2026-03-31&queueId=help',
    );
  });
});
