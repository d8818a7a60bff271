import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sipp } from '../support/sipp.ts';
import {
  type AppRequest,
  type AppResponse,
  offer,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

const common = `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:sipp@[local_ip]:[local_port]>;tag=[pid]t[call_number]`;

const call = `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="call">
  <send retrans="500"><![CDATA[
      INVITE sip:100@[remote_ip]:[remote_port] SIP/2.0
      ${common}
      To: <sip:100@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=- 1 1 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
      ACK [next_url] SIP/2.0
      ${common}
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <pause milliseconds="100"/>
  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      ${common}
      [last_To:]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>`;

const register = `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="register">
  <send retrans="500"><![CDATA[
      REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
      ${common}
      To: <sip:sipp@[remote_ip]>
      Call-ID: [call_id]
      CSeq: 1 REGISTER
      Contact: <sip:u[call_number]@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>`;

describe.each(['u1', 't1'] as const)('under load by SIPp (%s)', (transport) => {
  let test: TestEngine;

  beforeEach(async () => {
    test = await startEngine({ t1Ms: 100, timerDMs: 1000, t4Ms: 500 });
    await test.connect((app) => {
      app.invite((request: AppRequest, response: AppResponse) => {
        void app.createUAS(request, response, { localSdp: offer });
      });
      app.register((request, response) =>
        response.send(200, { headers: { Contact: request.get('Contact'), Expires: '60' } }),
      );
    });
  });
  afterEach(() => test.finish());

  it('100 calls a second are set up and ended, none failed', async () => {
    const run = await sipp({
      scenario: call,
      remote: `127.0.0.1:${test.sipPort}`,
      calls: 300,
      ratePerS: 100,
      transport,
      extra: ['-l', '1000'],
    });
    expect(run.statistics).toMatchObject({ successful: 300, failed: 0 });
    expect(run.status).toBe(0);
    expect(test.engine.stats()).toMatchObject({ dialogs: 0, malformed: 0 });
  });

  it('300 registrations a second are answered, none failed', async () => {
    const run = await sipp({
      scenario: register,
      remote: `127.0.0.1:${test.sipPort}`,
      calls: 900,
      ratePerS: 300,
      transport,
      extra: ['-l', '1000'],
    });
    expect(run.statistics).toMatchObject({ successful: 900, failed: 0 });
    expect(run.status).toBe(0);
  });
});
