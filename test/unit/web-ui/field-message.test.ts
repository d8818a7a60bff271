import { beforeAll, expect, test } from 'vitest';
import { emptySettings, settingsSchema } from '../../../src/domain/settings.ts';
import { fieldMessage } from '../../../web-ui/api/field-message.ts';
import { en } from '../../../web-ui/i18n/en.ts';
import { setCatalogue } from '../../../web-ui/i18n/translate.ts';

beforeAll(() => setCatalogue('en', en));

test('what the settings’ rules say of common mistakes has words of ours', () => {
  const hangUp = { kind: 'hang-up' };
  const result = settingsSchema.safeParse({
    ...emptySettings(),
    extensions: [
      { id: 'a', number: '10x', name: '', secret: 'short' },
      { id: 'b', number: '600', name: 'n'.repeat(81), secret: 'long enough', digest: 'SHA-1' },
    ],
    queues: [{ id: 'q', name: 'Q', number: '7', ringTimeoutMs: 1, wrapUpMs: 999_999_999 }],
    trunks: [
      {
        id: 't',
        name: 'T',
        kind: 'peer',
        host: 'h',
        addresses: ['everywhere'],
        outboundProxy: 'proxy:port',
        inbound: hangUp,
      },
    ],
  });
  const messages = result.error?.issues.map((issue) => issue.message) ?? [];
  expect(messages.length).toBeGreaterThanOrEqual(8);
  expect(messages.filter((message) => fieldMessage(message) === message)).toEqual([]);
});

test('what is found between things has words of ours', () => {
  const secret = 'long enough';
  const result = settingsSchema.safeParse({
    ...emptySettings(),
    extensions: [
      { id: 'a', number: '101', name: 'A', secret },
      { id: 'b', number: '101', name: 'B', secret },
    ],
    agents: [
      { id: 'x', name: 'X', extensionId: 'a' },
      { id: 'y', name: 'Y', extensionId: 'a' },
      { id: 'z', name: 'Z', extensionId: 'gone' },
    ],
    ivrMenus: [
      {
        id: 'm',
        name: 'M',
        options: [
          { digit: '1', destination: { kind: 'hang-up' } },
          { digit: '1', destination: { kind: 'queue', queueId: 'gone' } },
        ],
      },
    ],
  });
  const messages = result.error?.issues.map((issue) => issue.message) ?? [];
  expect(messages).toHaveLength(5);
  expect(messages.filter((message) => fieldMessage(message) === message)).toEqual([]);
});

test('what is wrong with the certificates of trunks has words of ours', () => {
  const trunk = (id: string, more: object): object => ({
    id,
    name: id,
    kind: 'peer',
    host: 'SIP.example',
    transport: 'tls',
    ...more,
  });
  const messagesOf = (...trunks: object[]): string[] =>
    settingsSchema.safeParse({ ...emptySettings(), trunks }).error?.issues.map(({ message }) => message) ??
    [];
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  expect(
    messagesOf(trunk('a', { tlsCa: ` ${pem}\n` }), trunk('b', { tlsCa: pem, host: 'sip.example' })),
  ).toEqual([]);
  const found = [
    ...messagesOf(trunk('a', { tlsCa: 'my provider' })),
    ...messagesOf(trunk('a', { tlsVerify: false }), trunk('b', { host: 'sip.example' })),
  ];
  expect(found).toHaveLength(2);
  expect(found.filter((message) => fieldMessage(message) === message)).toEqual([]);
});

test('a limit in milliseconds is told in the seconds that the page shows', () => {
  expect(fieldMessage('Too small: expected number to be >=5000', 1000)).toBe('At least 5.');
  expect(fieldMessage('the number 101 is already used by extensions.0')).toBe(
    'The number 101 is used already.',
  );
});

test('a sentence nobody translated stands as it is', () => {
  expect(fieldMessage('the moon must be full')).toBe('the moon must be full');
});
