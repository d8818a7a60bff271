/** An API with in-memory peers and people signed in to it, without a socket. */
import { join } from 'node:path';
import { createApp } from '../../src/api/app.ts';
import { type EndpointName, endpoints, endpointUrl } from '../../src/api/contract.ts';
import type { ClaimPort } from '../../src/api/ports.ts';
import { StaticUi } from '../../src/api/static-ui.ts';
import { VirtualClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import {
  emptySettings,
  type Settings,
  type SettingsInput,
  settingsSchema,
} from '../../src/domain/settings.ts';
import { type MemoryPorts, memoryPorts } from './api-ports.ts';

export const adminPassword = 'correct horse';
export const agentPassword = 'battery staple';
export const supervisorPassword = 'seven tall herons';

/** A small office with an admin (Ada), a supervisor (Sam) and an agent user (Anna, agent anna). */
export function testOffice(more: Partial<SettingsInput> = {}): Settings {
  return settingsSchema.parse({
    version: 1,
    extensions: [
      { id: 'desk-1', number: '201', name: 'Desk 1', secret: 'desk-one-secret' },
      { id: 'desk-2', number: '202', name: 'Desk 2', secret: 'desk-two-secret' },
    ],
    agents: [
      { id: 'anna', name: 'Anna', extensionId: 'desk-1' },
      { id: 'ben', name: 'Ben', extensionId: 'desk-2' },
    ],
    queues: [{ id: 'sales', name: 'Sales', number: '300', agentIds: ['anna', 'ben'] }],
    ivrMenus: [
      {
        id: 'welcome',
        name: 'Welcome',
        options: [{ digit: '1', destination: { kind: 'queue', queueId: 'sales' } }],
      },
    ],
    users: [
      { id: 'ada', name: 'Ada', role: 'admin', passwordHash: `$argon2id$${btoa(adminPassword)}` },
      { id: 'sam', name: 'Sam', role: 'supervisor', passwordHash: `$argon2id$${btoa(supervisorPassword)}` },
      {
        id: 'anna',
        name: 'Anna',
        role: 'agent',
        agentId: 'anna',
        passwordHash: `$argon2id$${btoa(agentPassword)}`,
      },
    ],
    ...more,
  });
}

export interface RequestOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  cookie?: string | undefined;
  /** Client address. */
  source?: string;
}

export class TestApi {
  readonly clock = new VirtualClock();
  readonly ports: MemoryPorts;
  readonly logLines: string[] = [];
  readonly host = '192.168.1.5:8443';
  readonly feed;
  /** Null once claimed. */
  claimCode: string | null;
  readonly #app;

  constructor(settings: Settings = testOffice(), options: { uiDirectory?: string; ui?: StaticUi } = {}) {
    this.ports = memoryPorts(settings);
    this.claimCode = settings.users.length === 0 ? 'abcd-1234' : null;
    const claim: ClaimPort = {
      claimCode: () => this.claimCode,
      matches: (code) => this.claimCode !== null && code.toLowerCase() === this.claimCode,
      close: async () => {
        this.claimCode = null;
      },
    };
    const { app, feed } = createApp({
      ports: this.ports,
      claim,
      ui: options.ui ?? new StaticUi(options.uiDirectory ?? join(import.meta.dirname, 'no-such-folder')),
      clock: this.clock,
      log: createLogger('test', { write: (line) => void this.logLines.push(line) }),
      hostNames: () => new Set(['office.example', 'cordboard.local', 'localhost']),
      caCertificate: () => 'PEM',
      sip: { servers: () => ['192.168.1.5'], port: 5060, tlsPort: 5061 },
      port: 8443,
      version: '0.1.0',
    });
    this.#app = app;
    this.feed = feed;
  }

  /** An unclaimed office with nothing in it. */
  static empty(): TestApi {
    return new TestApi(emptySettings());
  }

  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const method = options.method ?? 'GET';
    const headers = new Headers({ host: this.host, ...options.headers });
    if (method !== 'GET' && method !== 'HEAD' && !headers.has('origin') && options.headers?.origin !== '')
      headers.set('origin', `https://${this.host}`);
    if (options.headers?.origin === '') headers.delete('origin');
    if (options.cookie !== undefined) headers.set('cookie', options.cookie);
    let body: BodyInit | undefined;
    if (options.body instanceof Uint8Array || typeof options.body === 'string')
      body = options.body as BodyInit;
    else if (options.body !== undefined) body = JSON.stringify(options.body);
    if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const request = new Request(`https://${this.host}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return this.#app.fetch(request, {
      incoming: { socket: { remoteAddress: options.source ?? '192.168.1.77' } },
    });
  }

  /** Calls an endpoint by its name in the contract. */
  call(
    name: EndpointName,
    options: RequestOptions & { params?: Record<string, string>; query?: string } = {},
  ): Promise<Response> {
    const url = (endpointUrl as (n: EndpointName, p: Record<string, string>) => string)(
      name,
      options.params ?? {},
    );
    return this.request(url + (options.query ?? ''), {
      method: endpoints[name].method.toUpperCase(),
      ...options,
    });
  }

  /** The cookie of somebody who signed in. */
  async signIn(userName: string, password: string): Promise<string> {
    const response = await this.call('login', { body: { userName, password } });
    if (response.status !== 200) throw new Error(`sign-in failed: ${await response.text()}`);
    return cookieOf(response);
  }

  admin(): Promise<string> {
    return this.signIn('Ada', adminPassword);
  }

  supervisor(): Promise<string> {
    return this.signIn('Sam', supervisorPassword);
  }

  agent(): Promise<string> {
    return this.signIn('Anna', agentPassword);
  }
}

/** The name=value part of an answer's Set-Cookie. */
export function cookieOf(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
