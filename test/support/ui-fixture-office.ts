/** An office in the middle of its day, for looking at pages: settings, live state, calls of the past. */
import type { LampState } from '../../src/api/contract.ts';
import type { TappedMessage } from '../../src/codec/engine-control.ts';
import type { QualityRecord } from '../../src/codec/media-control.ts';
import type { Call } from '../../src/domain/call.ts';
import type { LogEvent } from '../../src/domain/call-event.ts';
import type { LiveSnapshot } from '../../src/domain/live.ts';
import { type Settings, settingsSchema } from '../../src/domain/settings.ts';
import { traceNote } from '../../src/domain/trace-notes.ts';

export const fixturePassword = 'correct horse';

/** Settings of a small office with an admin (admin) and an agent user (anna). */
export function fixtureSettings(): Settings {
  const passwordHash = `$argon2id$${btoa(fixturePassword)}`;
  return settingsSchema.parse({
    version: 1,
    office: { name: 'Harbour Office', timeZone: 'Europe/Budapest' },
    extensions: [
      { id: 'anna', number: '101', name: 'Anna Kovács', secret: 'anna-fixture-secret' },
      { id: 'ben', number: '102', name: 'Ben Harper', secret: 'ben-fixture-secret' },
      { id: 'cleo', number: '103', name: 'Cleo Whitmore-Featherstonehaugh', secret: 'cleo-fixture-secret' },
      { id: 'door', number: '199', name: 'Front door', secret: 'door-fixture-secret', digest: 'SHA-256' },
    ],
    agents: [
      { id: 'anna', name: 'Anna Kovács', extensionId: 'anna' },
      { id: 'ben', name: 'Ben Harper', extensionId: 'ben' },
      { id: 'cleo', name: 'Cleo Whitmore-Featherstonehaugh', extensionId: 'cleo' },
    ],
    queues: [
      { id: 'sales', name: 'Sales', number: '300', agentIds: ['anna', 'ben', 'cleo'], waitingThreshold: 1 },
      { id: 'support', name: 'Support', number: '301', agentIds: ['ben'] },
    ],
    ivrMenus: [
      {
        id: 'welcome',
        name: 'Welcome',
        number: '400',
        options: [
          { digit: '1', destination: { kind: 'queue', queueId: 'sales' } },
          { digit: '2', destination: { kind: 'queue', queueId: 'support' } },
          { digit: '9', destination: { kind: 'extension', extensionId: 'door' } },
        ],
        otherwise: { kind: 'queue', queueId: 'sales' },
      },
    ],
    trunks: [
      {
        id: 'carrier',
        name: 'City Telecom',
        kind: 'register',
        host: 'sip.carrier.example',
        username: '36155501',
        secret: 'carrier-secret',
        inbound: { kind: 'ivr', ivrMenuId: 'welcome' },
      },
      { id: 'branch', name: 'Branch office', kind: 'peer', host: '192.0.2.20', enabled: true },
    ],
    schedules: [
      {
        id: 'office',
        name: 'Office',
        week: [
          ...[1, 2, 3, 4].map((day) => ({ day, from: '08:00', until: '17:00' })),
          { day: 5, from: '08:00', until: '12:00' },
          { day: 5, from: '13:00', until: '15:30' },
        ],
        days: [
          { name: 'Christmas', from: '2026-12-24', until: '2026-12-26', yearly: true },
          { name: 'Inventory', from: '2027-01-04', windows: [{ from: '10:00', until: '14:00' }] },
        ],
      },
    ],
    numbers: [
      {
        id: 'main',
        number: '3615550100',
        destination: { kind: 'ivr', ivrMenuId: 'welcome' },
        hours: { scheduleId: 'office' },
      },
      { id: 'direct', number: '3615550101', destination: { kind: 'extension', extensionId: 'anna' } },
    ],
    desk: {
      dispositions: [
        { code: 'settled', name: 'Settled', kind: 'success' },
        { code: 'call-back', name: 'To be called back', kind: 'neutral', needsNote: true },
        { code: 'passed-on', name: 'Passed on', kind: 'neutral' },
        { code: 'complaint', name: 'Complaint', kind: 'failure', needsNote: true },
        { code: 'wrong-number', name: 'Wrong number', kind: 'failure' },
      ],
      pauseReasons: [
        { code: 'lunch', name: 'Lunch', paid: false },
        { code: 'break', name: 'Short break' },
        { code: 'training', name: 'Training' },
      ],
    },
    panel: {
      device: '/dev/ttyUSB0',
      lamps: [
        { lamp: 0, shows: { fact: 'waiting' } },
        { lamp: 1, shows: { fact: 'agent', agentId: 'anna' } },
        { lamp: 2, shows: { fact: 'agent', agentId: 'ben' } },
        { lamp: 3, shows: { fact: 'trunks' } },
        { lamp: 4, shows: { fact: 'faults' } },
      ],
    },
    users: [
      { id: 'admin', name: 'admin', role: 'admin', passwordHash },
      { id: 'anna', name: 'anna', role: 'agent', agentId: 'anna', passwordHash },
    ],
  });
}

const goodSound: QualityRecord = {
  packetsReceived: 6120,
  packetsLost: 3,
  packetsSent: 6118,
  bytesReceived: 1_052_640,
  jitterMeanMs: 1.7,
  jitterMaxMs: 9.2,
  roundTripMs: 23.4,
  remoteLossFraction: 0.0004,
  mos: 4.36,
  foreignDropped: 0,
  longestSilenceMs: 0,
  invalidDropped: 0,
};
const poorSound: QualityRecord = {
  ...goodSound,
  packetsLost: 412,
  mos: 2.9,
  jitterMaxMs: 88,
  roundTripMs: null,
};

/** A call that went through menu and queue to an agent and was recorded; `at` is when it began. */
export function endedCall(callId: string, at: number): Call {
  return {
    callId,
    direction: 'inbound',
    from: '+36301234567',
    fromName: 'Szabó és Társa Kft.',
    to: '3615550100',
    trunkId: 'carrier',
    phase: 'ended',
    phaseSince: at + 161_000,
    startedAt: at,
    answeredAt: at + 400,
    endedAt: at + 161_000,
    ivrMenuId: 'welcome',
    queueId: 'sales',
    enteredQueueAt: at + 9_000,
    agentId: 'anna',
    connectedAt: at + 38_000,
    waitMs: 29_000,
    talkMs: 123_000,
    abandoned: false,
    offers: [],
    legs: [
      {
        legId: `${callId}-caller`,
        role: 'caller',
        party: '+36301234567',
        sipCallId: 'c1@carrier',
        signalling: 'udp',
        startedAt: at,
        answeredAt: at + 400,
        endedAt: at + 161_000,
        termination: { class: 'success', reason: 'hung-up' },
        quality: goodSound,
        held: false,
      },
      {
        legId: `${callId}-agent`,
        role: 'agent',
        party: '101',
        sipCallId: 'a1@box',
        signalling: 'tls',
        startedAt: at + 30_000,
        answeredAt: at + 38_000,
        endedAt: at + 161_000,
        termination: { class: 'success', reason: 'hung-up', sipStatus: 200 },
        quality: {
          ...poorSound,
          srtp: { suite: 'AES_CM_128_HMAC_SHA1_80', throughout: true, rejected: 0 },
        },
        held: false,
      },
    ],
    recordings: [
      {
        recordingId: `${callId}-rec`,
        file: `${callId}.wav`,
        startedAt: at + 38_000,
        state: 'done',
        durationMs: 123_000,
        bytes: 1_968_058,
        sha256: '00',
      },
    ],
    trace: [
      { at: at + 10, ...traceNote('dial.number', { number: '3615550100' }) },
      { at: at + 420, ...traceNote('ivr.prompt', { menu: 'Welcome', attempt: 1, maxTries: 3 }) },
      { at: at + 8_900, ...traceNote('ivr.chosen', { menu: 'Welcome', digit: '1' }) },
      { at: at + 9_010, ...traceNote('queue.longest-idle', { agent: 'Ben Harper', idleS: 312, free: 2 }) },
      { at: at + 29_500, ...traceNote('queue.no-answer', { agent: 'Ben Harper', pauseS: 10 }) },
      { at: at + 30_000, ...traceNote('queue.longest-idle', { agent: 'Anna Kovács', idleS: 41, free: 1 }) },
      { at: at + 38_000, ...traceNote('queue.answered', { agent: 'Anna Kovács', ringS: 8, waitS: 29 }) },
      { at: at + 39_000, code: 'queue.of-tomorrow', params: {} },
    ],
    termination: { class: 'success', reason: 'caller-hung-up' },
  };
}

/** The events of `endedCall`, with a hold in the talk and the work after it. */
export function eventsOfCall(callId: string, at: number): LogEvent[] {
  const termination = { class: 'success', reason: 'caller-hung-up' } as const;
  const offer = { queueId: 'sales', agentId: 'anna', offerId: 'o2' };
  return [
    { at, callId, name: 'CALLSTART', direction: 'inbound', from: '+36301234567', to: '3615550100' },
    { at: at + 400, callId, name: 'IVRENTER', ivrMenuId: 'welcome' },
    { at: at + 9000, callId, name: 'ENTERQUEUE', queueId: 'sales', position: 1 },
    { at: at + 38_000, callId, name: 'CONNECT', ...offer, waitMs: 29_000, ringMs: 8000 },
    { at: at + 90_000, callId, name: 'HOLD', legId: `${callId}-agent` },
    { at: at + 104_000, callId, name: 'RESUME', legId: `${callId}-agent` },
    { at: at + 161_000, callId, name: 'CALLEND', termination },
    { at: at + 161_000, callId, agentId: 'anna', name: 'WRAPUPSTART' },
    { at: at + 176_000, callId, agentId: 'anna', name: 'WRAPUPEND' },
  ];
}

/** Calls of the past, newest first. */
export function pastCalls(now: number): Call[] {
  const base = Array.from({ length: 60 }, (_, i) => endedCall(`past-${i}`, now - 600_000 - i * 3_700_000));
  return base.map((call, i) => {
    if (i % 5 === 1) {
      const { agentId: _a, connectedAt: _c, ...rest } = call;
      const given = { class: 'client' as const, reason: 'caller-left' };
      return { ...rest, abandoned: true, talkMs: 0, recordings: [], termination: given };
    }
    if (i % 5 === 2) {
      const { fromName: _f, queueId: _q, ivrMenuId: _i, enteredQueueAt: _e, ...rest } = call;
      return { ...rest, direction: 'outbound', from: '101', to: '+3612345678', waitMs: 0, recordings: [] };
    }
    return call;
  });
}

/** Two calls that run, two callers who wait, agents in several states, one trunk down, one fault. */
export function liveOffice(now: number): Omit<LiveSnapshot, 'version'> {
  const bare = { waitMs: 0, talkMs: 0, abandoned: false, offers: [], legs: [], recordings: [], trace: [] };
  return {
    at: now,
    hours: { night: null, schedules: [] },
    calls: [
      {
        ...bare,
        callId: 'live-talk',
        direction: 'inbound',
        from: '+36301234567',
        fromName: 'Szabó és Társa Kft.',
        to: '3615550100',
        trunkId: 'carrier',
        phase: 'talking',
        phaseSince: now - 75_000,
        startedAt: now - 120_000,
        answeredAt: now - 119_500,
        ivrMenuId: 'welcome',
        enteredQueueAt: now - 100_000,
        queueId: 'sales',
        agentId: 'ben',
        connectedAt: now - 75_000,
        talkSince: now - 75_000,
        waitMs: 25_000,
        recordings: [
          { recordingId: 'live-rec', file: 'live.wav', startedAt: now - 75_000, state: 'running' },
        ],
        trace: [
          {
            at: now - 100_000,
            ...traceNote('queue.longest-idle', { agent: 'Ben Harper', idleS: 9, free: 1 }),
          },
        ],
      },
      {
        ...bare,
        callId: 'live-menu',
        direction: 'inbound',
        from: 'anonymous',
        to: '3615550100',
        trunkId: 'carrier',
        phase: 'ivr',
        phaseSince: now - 6_000,
        startedAt: now - 6_500,
        ivrMenuId: 'welcome',
      },
      ...[61_000, 17_000].map((waitedMs, i) => ({
        ...bare,
        callId: `live-wait-${i}`,
        direction: 'inbound' as const,
        from: `+3670111222${i}`,
        to: '3615550100',
        trunkId: 'carrier',
        phase: i === 0 ? ('offering' as const) : ('queued' as const),
        phaseSince: now - 4_000 - i * 1000,
        startedAt: now - waitedMs - 9_000,
        answeredAt: now - waitedMs - 8_500,
        ivrMenuId: 'welcome',
        queueId: 'sales',
        enteredQueueAt: now - waitedMs,
        ...(i === 0 ? { agentId: 'anna' } : {}),
      })),
    ],
    agents: [
      {
        agentId: 'anna',
        name: 'Anna Kovács',
        status: 'available',
        state: 'offered',
        since: now - 4_000,
        reachable: true,
        holding: false,
      },
      {
        agentId: 'ben',
        name: 'Ben Harper',
        status: 'available',
        state: 'in-call',
        since: now - 75_000,
        reachable: true,
        holding: false,
        callId: 'live-talk',
      },
      {
        agentId: 'cleo',
        name: 'Cleo Whitmore-Featherstonehaugh',
        status: 'on-break',
        state: 'waiting',
        since: now - 1_300_000,
        reachable: false,
        holding: false,
      },
    ],
    queues: [
      {
        queueId: 'sales',
        name: 'Sales',
        waiting: 2,
        oldestEnteredAt: now - 61_000,
        agentsAvailable: 0,
        waitingThreshold: 1,
      },
      { queueId: 'support', name: 'Support', waiting: 0, agentsAvailable: 0, waitingThreshold: 3 },
    ],
    trunks: [
      { trunkId: 'carrier', name: 'City Telecom', state: 'up', detail: 'registered, 540 s left' },
      { trunkId: 'branch', name: 'Branch office', state: 'down', detail: 'no answer to OPTIONS' },
    ],
    phones: ['anna', 'ben'].map((extensionId, i) => ({
      extensionId,
      number: `10${i + 1}`,
      contacts: [
        {
          uri: `sip:10${i + 1}@192.168.1.5${i}:5060`,
          source: `192.168.1.5${i}:5060`,
          transport: 'udp',
          expiresAt: now + 300_000,
          userAgent: 'Yealink SIP-T46U 108.86.0.45',
        },
      ],
    })),
    faults: [
      { code: 'panel.disconnected', message: '/dev/ttyUSB0 is not there', since: now - 240_000 },
      { code: 'moon.rises', message: '', since: now - 5_000 },
    ],
  };
}

export const fixtureLamps: LampState[] = [
  { lamp: 0, colour: 'amber', pattern: 'fast', shows: { fact: 'waiting' } },
  { lamp: 1, colour: 'amber', pattern: 'fast', shows: { fact: 'agent', agentId: 'anna' } },
  { lamp: 2, colour: 'blue', pattern: 'steady', shows: { fact: 'agent', agentId: 'ben' } },
  { lamp: 3, colour: 'red', pattern: 'steady', shows: { fact: 'trunks' } },
  { lamp: 4, colour: 'off', pattern: 'steady', shows: { fact: 'faults' } },
];

/** A short SIP dialog of one call. */
export function sipMessages(at: number): TappedMessage[] {
  const head = (first: string, cseq: string): string =>
    `${first}\r\nVia: SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK77\r\nFrom: <sip:+36301234567@carrier.example>;tag=1\r\nTo: <sip:3615550100@192.168.1.5>\r\nCall-ID: c1@carrier\r\nCSeq: ${cseq}\r\nContent-Length: 0\r\n\r\n`;
  const steps: ['in' | 'out', string, string][] = [
    ['in', 'INVITE sip:3615550100@192.168.1.5 SIP/2.0', '1 INVITE'],
    ['out', 'SIP/2.0 100 Trying', '1 INVITE'],
    ['out', 'SIP/2.0 180 Ringing', '1 INVITE'],
    ['out', 'SIP/2.0 200 OK', '1 INVITE'],
    ['in', 'ACK sip:3615550100@192.168.1.5 SIP/2.0', '1 ACK'],
    ['in', 'BYE sip:3615550100@192.168.1.5 SIP/2.0', '2 BYE'],
    ['out', 'SIP/2.0 200 OK', '2 BYE'],
  ];
  return steps.map(([direction, first, cseq], i) => ({
    atMs: at + i * 137,
    direction,
    transport: 'udp',
    localAddress: '192.168.1.5',
    localPort: 5060,
    remoteAddress: '203.0.113.7',
    remotePort: 5060,
    callId: 'c1@carrier',
    text: head(first, cseq),
  }));
}
