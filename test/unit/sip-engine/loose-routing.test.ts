import { describe, expect, it } from 'vitest';
import { routingOf, withoutStrictRouting } from '../../../src/sip-engine/loose-routing.ts';

const target = 'sip:bob@192.0.2.9:5070';

describe('a request along a route set (RFC 3261 §12.2.1.1)', () => {
  it.each<[string, string, string[], { uri: string; routes: string[]; hop: string }]>([
    ['without one goes to its target', target, [], { uri: target, routes: [], hop: target }],
    [
      'goes to a loose router with its target in the Request-URI',
      target,
      ['<sip:p1;lr>', '<sip:p2;lr>'],
      { uri: target, routes: ['<sip:p1;lr>', '<sip:p2;lr>'], hop: 'sip:p1;lr' },
    ],
    [
      'takes lr with a value, in any case, among other parameters, for loose',
      target,
      ['<sip:p1;transport=tcp;LR=on;x=y>'],
      { uri: target, routes: ['<sip:p1;transport=tcp;LR=on;x=y>'], hop: 'sip:p1;transport=tcp;LR=on;x=y' },
    ],
    [
      'does not mind a strict router behind a loose one: that is the loose one’s affair (§16.6)',
      target,
      ['<sip:p1;lr>', '<sip:p2>'],
      { uri: target, routes: ['<sip:p1;lr>', '<sip:p2>'], hop: 'sip:p1;lr' },
    ],
    [
      'goes to a strict router with that in the Request-URI and the target last',
      target,
      ['<sip:p1>', '<sip:p2;lr>'],
      { uri: 'sip:p1', routes: ['<sip:p2;lr>', `<${target}>`], hop: 'sip:p1' },
    ],
    [
      'goes to a lone strict router with the target alone in Route',
      target,
      ['<sip:p1:5080;transport=tcp>'],
      { uri: 'sip:p1:5080;transport=tcp', routes: [`<${target}>`], hop: 'sip:p1:5080;transport=tcp' },
    ],
    [
      'is loose by its own lr, not by one behind the brackets',
      target,
      ['<sip:p1>;lr'],
      { uri: 'sip:p1', routes: [`<${target}>`], hop: 'sip:p1' },
    ],
    [
      'leaves headers and method of a strict router’s URI behind, and keeps its maddr (§19.1.1)',
      target,
      ['<sip:p1;method=INVITE;maddr=192.0.2.7?Subject=x>'],
      {
        uri: 'sip:p1;maddr=192.0.2.7',
        routes: [`<${target}>`],
        hop: 'sip:p1;method=INVITE;maddr=192.0.2.7?Subject=x',
      },
    ],
    [
      'leaves headers of a Contact out of the Request-URI, but no question mark of its user',
      'sip:what?now@192.0.2.9;x=1?Replaces=y',
      [],
      { uri: 'sip:what?now@192.0.2.9;x=1', routes: [], hop: 'sip:what?now@192.0.2.9;x=1' },
    ],
  ])('%s', (_, to, routes, expected) => {
    expect(routingOf(to, routes)).toEqual(expected);
  });
});

describe('a request that a strict router sent us (§16.4)', () => {
  const isOurs = (host: string, port: number | undefined): boolean =>
    host === '192.0.2.1' && (port ?? 5060) === 5060;
  const ours = 'sip:192.0.2.1:5060;lr';

  it.each<[string, string, string[], { uri: string; routes: string[] }]>([
    [
      'has its target back from the end of Route',
      ours,
      ['<sip:p2;lr>', `<${target}>`],
      { uri: target, routes: ['<sip:p2;lr>'] },
    ],
    [
      'has its target back when that is all',
      `${ours};transport=tcp`,
      [`<${target}>`],
      { uri: target, routes: [] },
    ],
    ['without Route is for us', ours, [], { uri: ours, routes: [] }],
    [
      'to a number here is left as it is',
      'sip:100@192.0.2.1:5060;lr',
      ['<sip:p2;lr>'],
      { uri: 'sip:100@192.0.2.1:5060;lr', routes: ['<sip:p2;lr>'] },
    ],
    [
      'whose Request-URI is no Record-Route of ours is left as it is',
      'sip:192.0.2.1:5060',
      ['<sip:p2;lr>'],
      { uri: 'sip:192.0.2.1:5060', routes: ['<sip:p2;lr>'] },
    ],
    [
      'to another server is left as it is',
      'sip:192.0.2.2:5060;lr',
      [`<${target}>`],
      { uri: 'sip:192.0.2.2:5060;lr', routes: [`<${target}>`] },
    ],
    [
      'that a maddr led to us loses it',
      'sip:bob@example.test;maddr=192.0.2.1;user=phone',
      [],
      { uri: 'sip:bob@example.test;user=phone', routes: [] },
    ],
    [
      'with a maddr of another server keeps it',
      'sip:bob@example.test;maddr=192.0.2.2',
      [],
      { uri: 'sip:bob@example.test;maddr=192.0.2.2', routes: [] },
    ],
  ])('%s', (_, uri, routes, expected) => {
    expect(withoutStrictRouting(uri, routes, isOurs)).toEqual(expected);
  });
});
