/** Calls from the browser: the signalling of mediasoup-client. */
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

export const webDirectionSchema = z.enum(['send', 'recv']);
/** What mediasoup-client takes; opaque to this API. */
const opaque = z.record(z.string(), z.unknown());
export const webCallSchema = z.object({
  legId: z.string(),
  routerRtpCapabilities: z.unknown(),
  transportOptions: z.object({ send: z.unknown(), recv: z.unknown() }),
});
export const webConsumerSchema = z.object({
  consumerId: z.string(),
  producerId: z.string(),
  kind: z.string(),
  rtpParameters: z.unknown(),
});

/** Endpoints of calls from the browser, in the order they are used. */
export const webCallEndpoints = {
  openWebCall: {
    method: 'post',
    path: '/web-calls',
    access: 'agent',
    summary: 'Opens the media side of a call from this browser',
    response: webCallSchema,
    status: 201,
  },
  connectWebCall: {
    method: 'post',
    path: '/web-calls/{id}/connect',
    access: 'agent',
    summary: 'Connects one of its two transports',
    body: z.object({ direction: webDirectionSchema, dtlsParameters: opaque }),
  },
  produceWebCall: {
    method: 'post',
    path: '/web-calls/{id}/produce',
    access: 'agent',
    summary: 'The microphone starts',
    body: z.object({ rtpParameters: opaque }),
    response: z.object({ producerId: z.string() }),
  },
  consumeWebCall: {
    method: 'post',
    path: '/web-calls/{id}/consume',
    access: 'agent',
    summary: 'What the browser will hear',
    body: z.object({ rtpCapabilities: opaque }),
    response: webConsumerSchema,
  },
  dialWebCall: {
    method: 'post',
    path: '/web-calls/{id}/dial',
    access: 'agent',
    summary: 'Places the call',
    body: z.object({ to: z.string().regex(/^[0-9*#+]{1,24}$/, 'digits, * and # only, at most 24') }),
  },
  digitWebCall: {
    method: 'post',
    path: '/web-calls/{id}/digit',
    access: 'agent',
    summary: 'A key of the keypad',
    body: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/, 'one key') }),
  },
  hangUpWebCall: {
    method: 'delete',
    path: '/web-calls/{id}',
    access: 'agent',
    summary: 'Hangs up; idempotent',
  },
} as const satisfies Record<string, Endpoint>;
