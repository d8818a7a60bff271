/**
 * People who are called, of every kind, as one SIPp: the digit after +3630 says what somebody does. Runs behind
 * `openCarrier`, which answers keepalives and sees every INVITE.
 */

const response = (line: string, more = ''): string => `<send><![CDATA[
      SIP/2.0 ${line}
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]c[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:customer@[local_ip]:[local_port]>
      ${more}
      ]]></send>`;

const answer = `<send retrans="500"><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]c[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:customer@[local_ip]:[local_port]>
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=customer 53655765 2353687637 IN IP4 [local_ip]
      s=-
      c=IN IP4 [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0 8 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      ]]></send>
  <recv request="ACK" rtd="true" crlf="true"/>`;

/** The box gave us its To as we answered it: from here on we are the ones who call. */
const bye = `<send retrans="500"><![CDATA[
      BYE sip:box@127.0.0.1 SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: [$to];tag=[pid]c[call_number]
      To: [$from]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0
      ]]></send>
  <recv response="200"/>`;

const empty = 'Content-Length: 0';
const ringing = response('180 Ringing', empty);
const refuse = (line: string): string => `${response(line, empty)}\n<recv request="ACK"/>`;
const pause = (milliseconds: number): string => `<pause milliseconds="${milliseconds}"/>`;

/** By the digit that their numbers have after +3630. */
export const customerKinds = {
  answers: { digit: 1, result: 'answered', does: [ringing, pause(100), answer, pause(400), bye] },
  busy: { digit: 2, result: 'busy', does: [refuse('486 Busy Here')] },
  isOut: {
    digit: 3,
    result: 'no-answer',
    does: [ringing, pause(600), refuse('480 Temporarily Unavailable')],
  },
  rejects: { digit: 4, result: 'rejected', does: [ringing, pause(200), refuse('603 Decline')] },
  doesNotExist: { digit: 5, result: 'invalid-number', does: [refuse('404 Not Found')] },
  hangsUpAtOnce: { digit: 6, result: 'answered', does: [answer, bye] },
  isSlow: { digit: 7, result: 'answered', does: [ringing, pause(2500), answer, pause(200), bye] },
  neverAnswers: {
    digit: 8,
    result: 'no-answer',
    does: [
      ringing,
      '<recv request="CANCEL"/>',
      response('200 OK', empty),
      response('487 Request Terminated', 'CSeq: 1 INVITE\n      Content-Length: 0').replace(
        '[last_CSeq:]\n      ',
        '',
      ),
      '<recv request="ACK"/>',
    ],
  },
} as const;
export type CustomerKind = keyof typeof customerKinds;

/** The scenario that all of them are in. */
export function customersScenario(): string {
  const kinds = Object.values(customerKinds);
  const tests = kinds.map(
    ({ digit }) => `<test assign_to="is${digit}" variable="kind" compare="equal" value="${digit}"/>`,
  );
  const jumps = kinds.map(({ digit }) => `<nop next="kind${digit}" test="is${digit}"/>`);
  const parts = kinds.map(
    ({ digit, does }) => `<label id="kind${digit}"/>\n${does.join('\n')}\n<nop next="over"/>`,
  );
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="customers">
  <recv request="INVITE" crlf="true">
    <action>
      <ereg regexp="sip:.3630([0-9])" search_in="hdr" header="To:" assign_to="whole,digit"/>
      <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
      <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
      <todouble assign_to="kind" variable="digit"/>
      ${tests.join('\n      ')}
    </action>
  </recv>
  ${response('100 Trying', empty)}
  ${jumps.join('\n  ')}
  ${parts.join('\n  ')}
  <label id="over"/>
  <nop/>
  <Reference variables="whole,to,from"/>
</scenario>
`;
}
