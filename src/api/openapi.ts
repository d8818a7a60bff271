/** The OpenAPI 3.1 document, made of the contract's table. */
import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import { apiBase, endpoints, problemSchema } from './contract.ts';
import type { Access, Endpoint } from './endpoints/endpoint.ts';

/** What is said of who may call an endpoint. */
const notes: Partial<Record<Access, string>> = {
  wallboard: 'Also by a wallboard link.',
  supervisor: 'Supervisors and admins.',
  admin: 'Admins only.',
};

type Responses = RouteConfig['responses'];

function responsesOf(endpoint: Endpoint): Responses {
  const responses: Responses = {
    default: {
      description: 'A failure, as a problem document (RFC 9457)',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  };
  if (endpoint.response)
    responses[endpoint.status ?? 200] = {
      description: endpoint.summary,
      content: { 'application/json': { schema: endpoint.response } },
    };
  else if (endpoint.download)
    responses[200] = {
      description: endpoint.summary,
      content: { [endpoint.download]: { schema: z.string().meta({ format: 'binary' }) } },
    };
  else responses[204] = { description: 'Done' };
  return responses;
}

const uploadTypes = { audio: 'audio/*', csv: 'text/csv', tar: 'application/x-tar' } as const;

function requestOf(endpoint: Endpoint): NonNullable<RouteConfig['request']> {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const body = endpoint.upload
    ? {
        [uploadTypes[endpoint.upload]]: {
          schema: z.string().meta({ format: 'binary' }),
        },
      }
    : endpoint.body
      ? { 'application/json': { schema: endpoint.body } }
      : undefined;
  return {
    ...(names.length === 0
      ? {}
      : { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
    ...(endpoint.query instanceof z.ZodObject ? { query: endpoint.query } : {}),
    ...(body ? { body: { required: true, content: body } } : {}),
  };
}

/** The document as served by `GET /openapi.json`. */
export function openApiDocument(version: string): object {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-cordboard-PORT',
    description: 'Set by POST /login; PORT is the port of this server.',
  });
  for (const [name, entry] of Object.entries(endpoints)) {
    const endpoint: Endpoint = entry;
    const tag = endpoint.path.split('/')[1] ?? '';
    app.openAPIRegistry.registerPath(
      createRoute({
        operationId: name,
        method: endpoint.method,
        path: endpoint.path,
        summary: endpoint.summary,
        tags: [tag],
        ...(endpoint.access === 'public' ? {} : { security: [{ session: [] }] }),
        ...(endpoint.access in notes ? { description: notes[endpoint.access] } : {}),
        request: requestOf(endpoint),
        responses: responsesOf(endpoint),
      }),
    );
  }
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Cordboard', version },
    servers: [{ url: apiBase }],
  });
}
