import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import { StreamPeers } from '../../../src/sip-engine/large-requests.ts';
import { RecordingFlow } from './recording-flow.ts';

const clock = new VirtualClock();
const request = (via: string): SipMessage => SipMessage.request('OPTIONS', 'sip:x').add('Via', via);

describe('a peer that takes TCP', () => {
  it('is known by an answer over a connection, at the port that was connected to', () => {
    const peers = new StreamPeers();
    peers.learn(SipMessage.response(200, 'OK'), new RecordingFlow(clock, 'tcp'));
    expect([peers.has('192.0.2.9', 5070), peers.has('192.0.2.9', 5060)]).toEqual([true, false]);
  });

  it('is known by a request over its own connection, at the port that its Via names', () => {
    const peers = new StreamPeers();
    peers.learn(request('SIP/2.0/TCP 192.0.2.9;branch=z9hG4bK1'), new RecordingFlow(clock, 'tcp'));
    expect([peers.has('192.0.2.9', 5060), peers.has('192.0.2.9', 5070)]).toEqual([true, false]);
  });

  it('is not known by what comes from behind a NAT, or over UDP', () => {
    const peers = new StreamPeers();
    peers.learn(request('SIP/2.0/TCP 10.0.0.7:5070;branch=z9hG4bK1'), new RecordingFlow(clock, 'tcp'));
    peers.learn(SipMessage.response(200, 'OK'), new RecordingFlow(clock));
    expect([peers.has('192.0.2.9', 5070), peers.has('10.0.0.7', 5070)]).toEqual([false, false]);
  });
});
