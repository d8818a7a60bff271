/** SIPp scenarios in pieces. [service] is the number dialled. */

const sdp = `v=0
      o=carrier 53655765 2353687637 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0 8 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      a=fmtp:101 0-16
      a=sendrecv`;

export interface InviteParts {
  /** User part of From. */
  from?: string;
  body?: string;
  headers?: string;
  cseq?: number;
  contentType?: string;
}

/** The INVITE of a caller (remote target and dialog are SIPp's). */
export function invite(parts: InviteParts = {}): string {
  const body = parts.body ?? sdp;
  return `<send retrans="500"><![CDATA[
      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "Customer" <sip:${parts.from ?? '+36301112233'}@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: ${parts.cseq ?? 1} INVITE
      Contact: <sip:customer@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      ${parts.headers ?? 'Subject: test'}
      Content-Type: ${parts.contentType ?? 'application/sdp'}
      Content-Length: [len]

      ${body}
      ]]></send>`;
}

const inDialog = (method: string, cseq: number, retrans: string): string => `<send${retrans}><![CDATA[
      ${method} [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      [routes]
      From: "Customer" <sip:+36301112233@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: ${cseq} ${method}
      Contact: <sip:customer@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Content-Length: 0
      ]]></send>`;

export const ack = (cseq = 1): string => inDialog('ACK', cseq, '');
export const bye = (cseq = 2): string => inDialog('BYE', cseq, ' retrans="500"');

/** Takes 100, 180 and 183 as they come, then the answer. */
export const answered = `<recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>`;

export const scenario = (name: string, ...parts: string[]): string =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${parts.join('\n')}\n</scenario>\n`;

/** A caller who is answered, listens for `talkMs` and hangs up. */
export const shortCall = (talkMs: number): string =>
  scenario(
    'short call',
    invite(),
    answered,
    ack(),
    `<pause milliseconds="${talkMs}"/>`,
    bye(),
    '<recv response="200"/>',
  );
