/** Health, the local authority's certificate, and the OpenAPI document. */

import { openApiDocument } from '../openapi.ts';
import type { HealthPort } from '../ports.ts';
import { notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SipAddress } from './configuration.ts';

export function systemHandlers(parts: {
  health: HealthPort;
  /** PEM of the local authority; null before it exists. */
  caCertificate: () => string | null;
  sip: SipAddress;
  version: string;
}): HandlersOf<'health' | 'caCertificate' | 'openapi'> {
  let document: string | undefined;
  return {
    health: async () => {
      const report = await parts.health.report();
      return report.sip.servers.length > 0
        ? report
        : { ...report, sip: { ...report.sip, servers: parts.sip.servers() } };
    },
    caCertificate: () => {
      const pem = parts.caCertificate();
      if (pem === null) throw notFound('local authority');
      return new Response(pem, {
        headers: {
          'content-type': 'application/x-pem-file',
          'content-disposition': 'attachment; filename="cordboard-ca.pem"',
        },
      });
    },
    openapi: () => {
      document ??= JSON.stringify(openApiDocument(parts.version));
      return new Response(document, { headers: { 'content-type': 'application/json' } });
    },
  };
}
