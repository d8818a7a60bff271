/**
 * Knobs of one instance, from the environment. Everything an office chooses is in the settings document instead
 * (domain/settings.ts); these are what a second instance on one machine, or a test, must vary.
 */
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { machineHasIPv6, parseBind } from './base/bind-addresses.ts';

export interface InstanceConfig {
  dataDir: string;
  /** Addresses that all listeners bind to. */
  bind: readonly string[];
  /** UDP and TCP. */
  sipPort: number;
  /** SIP over TLS. */
  sipsPort: number;
  httpPort: number;
  /** drachtio admin port, loopback only. */
  drachtioPort: number;
  rtpPorts: { from: number; to: number };
  /** UDP and TCP port of the WebRTC server. */
  webrtcPort: number;
  /** Serial device of the panel; null: as the settings say. */
  panel: string | null;
  /** Control sockets. */
  mediaSocket: string;
  engineSocket: string;
  /** Shared secret of the drachtio admin port, made at each start. */
  drachtioSecret: string;
  /** An application that the SIP engine connects to for each new request; null: applications connect to it. */
  sipHandler: { host: string; port: number } | null;
  /** Name servers, `address[:port]`; null: those of this machine, and its hosts file. */
  dnsServers: string[] | null;
  /** Calls admitted at once, instead of what the capacity test found; null: that. */
  maxCalls: number | null;
  /** True: the SIP guard watches loopback addresses as any other, for tests; otherwise they are left alone. */
  guardsLoopback: boolean;
  /** True: a simulated office, which its pages say. */
  isDemo: boolean;
}

/** @throws RangeError naming the variable and what it takes */
export function readConfig(env: NodeJS.ProcessEnv): InstanceConfig {
  const port = (name: string, fallback: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 65_535)
      throw new RangeError(`${name} must be a port from 1 to 65535, not ${text}`);
    return value;
  };
  const dataDir = resolve(env.CORDBOARD_DATA || '.data');
  const bind = parseBind(env.CORDBOARD_BIND ?? '', machineHasIPv6());
  const range = /^(\d+)-(\d+)$/.exec(env.CORDBOARD_RTP_PORTS || '16384-18383');
  const from = Number(range?.[1]);
  const to = Number(range?.[2]);
  if (!range || from < 1024 || to > 65_535 || to - from < 3)
    throw new RangeError(
      `CORDBOARD_RTP_PORTS must be FROM-TO, 1024 or higher and at least 4 ports, not ${env.CORDBOARD_RTP_PORTS}`,
    );
  const run = join(dataDir, 'run');
  return {
    dataDir,
    bind,
    sipPort: port('CORDBOARD_SIP_PORT', 5060),
    sipsPort: port('CORDBOARD_SIPS_PORT', 5061),
    httpPort: port('CORDBOARD_HTTP_PORT', 8443),
    drachtioPort: port('CORDBOARD_DRACHTIO_PORT', 9022),
    rtpPorts: { from, to },
    webrtcPort: port('CORDBOARD_WEBRTC_PORT', 8444),
    panel: env.CORDBOARD_PANEL || null,
    mediaSocket: join(run, 'media.sock'),
    engineSocket: join(run, 'sip.sock'),
    drachtioSecret: env.CORDBOARD_DRACHTIO_SECRET || '',
    sipHandler: handlerOf(env.CORDBOARD_SIP_HANDLER),
    dnsServers: nameServersOf(env.CORDBOARD_DNS),
    maxCalls: maxCallsOf(env.CORDBOARD_MAX_CALLS),
    guardsLoopback: env.CORDBOARD_GUARD_LOOPBACK === '1',
    isDemo: env.CORDBOARD_DEMO === '1',
  };
}

/** `address[:port]`, several divided by commas; an IPv6 address with a port stands in brackets. */
function nameServersOf(text: string | undefined): string[] | null {
  if (text === undefined || text.trim() === '') return null;
  return text.split(',').map((each) => {
    const server = each.trim();
    const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(server);
    const plain = /^([\d.]+)(?::(\d{1,5}))?$/.exec(server);
    const address = bracketed?.[1] ?? plain?.[1] ?? server;
    const port = Number(bracketed?.[2] ?? plain?.[2] ?? 53);
    if (isIP(address) === 0 || port < 1 || port > 65_535)
      throw new RangeError(`CORDBOARD_DNS must be addresses of name servers, address[:port], not ${server}`);
    return server;
  });
}

function maxCallsOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const calls = Number(text);
  if (!Number.isInteger(calls) || calls < 1 || calls > 10_000)
    throw new RangeError(`CORDBOARD_MAX_CALLS must be 1 to 10000, not ${text}`);
  return calls;
}

/** `tcp://host:port`. */
function handlerOf(text: string | undefined): { host: string; port: number } | null {
  if (text === undefined || text === '') return null;
  const match = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[^\s:/]+):(\d{1,5})\/?$/.exec(text);
  const port = Number(match?.[2] ?? 0);
  if (!match?.[1] || port < 1 || port > 65_535)
    throw new RangeError(`CORDBOARD_SIP_HANDLER must be tcp://host:port, not ${text}`);
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}
