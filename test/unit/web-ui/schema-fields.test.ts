import { expect, test } from 'vitest';
import { formSchemas } from '../../../scripts/lib/form-schemas.ts';
import { type JsonSchema, shapesOf } from '../../../web-ui/components/schema-fields.ts';
import { codeFrom } from '../../../web-ui/pages/queue-dispositions.tsx';

const schemas = formSchemas() as Record<string, JsonSchema>;
const shape = (schema: string, name: string) =>
  shapesOf(schemas[schema] ?? {}).find((each) => each.name === name);

test('a limit of the settings is the limit of the field, in the unit that people read', () => {
  expect(shape('replaceQueue', 'ringTimeoutMs')).toEqual({
    name: 'ringTimeoutMs',
    kind: 'number',
    unit: 'seconds',
    scale: 1000,
    min: 5,
    max: 120,
    fallback: 20_000,
  });
  expect(shape('replaceQueue', 'name')).toMatchObject({ kind: 'text', maxLength: 80, optional: false });
  expect(shape('replaceQueue', 'number')).toMatchObject({ kind: 'text', optional: true });
  expect(shape('replaceQueue', 'strategy')).toMatchObject({
    kind: 'choice',
    values: ['longest-idle', 'ring-all'],
  });
  expect(shape('replaceQueue', 'overflow')).toMatchObject({ kind: 'other' });
  expect(shape('replaceNetwork', 'publicAddress')).toMatchObject({ kind: 'text', nullable: true });
  expect(shape('replaceNetwork', 'localNetworks')).toMatchObject({ kind: 'lines' });
  expect(shape('replaceRecordingSettings', 'minFreeBytes')).toMatchObject({ unit: 'megabytes', min: 0 });
});

test('what the pages carry of the schemas is light and holds no pattern', () => {
  const text = JSON.stringify(schemas);
  expect(Object.keys(schemas).length).toBeGreaterThan(8);
  expect(text).not.toContain('"pattern":"');
  expect(text.length).toBeLessThan(40_000);
});

test('the code of a result comes from its name, fits the settings and is never taken twice', () => {
  expect(codeFrom('Sold, and happy', [])).toBe('sold-and-happy');
  expect(codeFrom('Visszahívás kért', [])).toBe('visszahivas-kert');
  expect(codeFrom('Результат', ['result'])).toBe('result-2');
  expect(codeFrom('x'.repeat(80), [])).toMatch(/^[a-z0-9-]{1,40}$/);
});
