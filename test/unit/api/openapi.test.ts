import { expect, it } from 'vitest';
import { apiBase, endpoints, endpointUrl } from '../../../src/api/contract.ts';
import { TestApi } from '../../support/api-client.ts';

interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, { operationId: string; responses: object; requestBody?: object }>>;
  components: { schemas: Record<string, object> };
}

it('serves an OpenAPI 3.1 document that has every endpoint, and no other', async () => {
  const document = (await (await new TestApi().call('openapi')).json()) as Document;
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers).toEqual([{ url: apiBase }]);
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [operation.operationId, `${method} ${path}`]),
  );
  const wanted = Object.entries(endpoints).map(([name, { method, path }]) => [name, `${method} ${path}`]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  for (const name of ['Problem', 'Call', 'LiveSnapshot', 'Extension'])
    expect(document.components.schemas[name], name).toMatchObject({ type: 'object' });
  expect(document.paths['/queues']?.post?.requestBody).toMatchObject({ required: true });
});

it('refers only to schemas that the document has', async () => {
  const text = await (await new TestApi().call('openapi')).text();
  const { components } = JSON.parse(text) as Document;
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(components.schemas, name).toHaveProperty(name ?? '');
});

it('fills the braces of a path and escapes what goes in', () => {
  expect(endpointUrl('status')).toBe('/api/v1/status');
  expect(endpointUrl('promptSound', { id: 'a/b', language: 'en' })).toBe('/api/v1/prompts/a%2Fb/en');
});
