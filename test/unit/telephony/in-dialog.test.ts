import { describe, expect, it } from 'vitest';
import { offer, settle, TelephonyBench } from '../../support/telephony-bench.ts';

const version = (n: number): string => offer.replace('o=- 1 1', `o=- 1 ${n}`);

describe('within a dialog', () => {
  it('hold and resume are answered in kind and told once', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, seen } = await bench.answeredCall();
    const hold = bench.sip.receiveIn(dialogId, 'INVITE', { body: `${version(2)}a=sendonly\r\n` });
    await settle();
    expect(hold.last?.status).toBe(200);
    expect(hold.last?.body).toContain('a=recvonly');
    bench.sip.receiveIn(dialogId, 'ACK');
    bench.sip.receiveIn(dialogId, 'INVITE', { body: `${version(3)}a=inactive\r\n` });
    await settle();
    bench.sip.receiveIn(dialogId, 'UPDATE', { body: version(4) });
    await settle();
    expect(seen).toEqual([['answered'], ['hold'], ['resume']]);
  });

  it('hold by c=0.0.0.0 keeps the address that media goes back to', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, seen } = await bench.answeredCall();
    const body = version(2).replace('c=IN IP4 192.168.1.20', 'c=IN IP4 0.0.0.0');
    bench.sip.receiveIn(dialogId, 'INVITE', { body });
    await settle();
    expect(bench.media.asked('leg.remote').at(-1)?.remote).toMatchObject({
      address: '192.168.1.20',
      direction: 'recvonly',
    });
    expect(seen.at(-1)).toEqual(['hold']);
  });

  it('another port and codec are taken over', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId } = await bench.answeredCall();
    bench.sip.receiveIn(dialogId, 'INVITE', {
      body: version(2).replace('4000 RTP/AVP 8 0', '5000 RTP/AVP 0'),
    });
    await settle();
    expect(bench.media.asked('leg.remote').at(-1)?.remote).toMatchObject({ port: 5000, codec: 'PCMU' });
  });

  it('a peer that moved is written to the journal, so that whoever ends the call later finds it', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, leg } = await bench.answeredCall();
    const before = bench.journal.live.get(leg.legId);
    const headers = { Contact: '<sip:caller@192.168.7.7:5070>' };
    bench.sip.receiveIn(dialogId, 'INVITE', { body: version(2), headers });
    await settle();
    expect(bench.journal.live.get(leg.legId)).toEqual({
      ...before,
      remoteTarget: 'sip:caller@192.168.7.7:5070',
      source: 'udp/192.168.1.20:5060',
    });
    bench.sip.receiveIn(dialogId, 'ACK');
    await leg.hangUp({ class: 'success', reason: 'callee-hung-up' });
    bench.sip.last('BYE').respond(200);
    expect(bench.journal.live.size).toBe(0);
  });

  it('the same offer again is a refresh: the same answer and no change of media', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, invite } = await bench.answeredCall();
    const before = bench.media.asked('leg.remote').length;
    const refresh = bench.sip.receiveIn(dialogId, 'INVITE', {
      body: offer,
      headers: { 'Session-Expires': '1800;refresher=uac', Supported: 'timer' },
    });
    await settle();
    expect(refresh.last?.body).toBe(invite.last?.body);
    expect(refresh.last?.headers?.['Session-Expires']).toBe('1800;refresher=uac');
    expect(bench.media.asked('leg.remote')).toHaveLength(before);
  });

  it('a re-INVITE without an offer gets ours, and its ACK the answer', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId } = await bench.answeredCall();
    const empty = bench.sip.receiveIn(dialogId, 'INVITE');
    await settle();
    expect(empty.last?.status).toBe(200);
    expect(empty.last?.body).toContain('RTP/AVP 8 0 101'); // what is spoken already comes first
    bench.sip.receiveIn(dialogId, 'ACK', { body: version(2).replace('4000', '6000') });
    await settle();
    expect(bench.media.asked('leg.remote').at(-1)?.remote.port).toBe(6000);
  });

  it('a change to fax or to codecs unknown is refused and the call goes on', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, leg } = await bench.answeredCall();
    const fax = version(2).replace(/m=audio[\s\S]*/, 'm=image 4000 udptl t38\r\n');
    const refused = bench.sip.receiveIn(dialogId, 'INVITE', { body: fax });
    await settle();
    expect(refused.last?.status).toBe(488);
    expect(leg.state).toBe('up');
    const broken = bench.sip.receiveIn(dialogId, 'INVITE', { body: 'v=0\r\nrubbish' });
    await settle();
    expect(broken.last?.status).toBe(400);
    expect(leg.state).toBe('up');
  });

  it('an UPDATE without an offer refreshes the session', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId } = await bench.answeredCall();
    const update = bench.sip.receiveIn(dialogId, 'UPDATE', {
      headers: { 'Session-Expires': '600;refresher=uac', Supported: 'timer' },
    });
    await settle();
    expect(update.last).toMatchObject({ status: 200, headers: { 'Session-Expires': '600;refresher=uac' } });
  });

  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['application/dtmf-relay', 'Signal= 11\r\n', '#'],
    ['application/dtmf', '*', '*'],
  ])('INFO with %s %j is the digit %s', async (type, body, digit) => {
    const bench = await TelephonyBench.start();
    const { dialogId, seen } = await bench.answeredCall();
    const info = bench.sip.receiveIn(dialogId, 'INFO', { headers: { 'Content-Type': type }, body });
    await settle();
    expect(info.last?.status).toBe(200);
    expect(seen.at(-1)).toEqual(['digit', digit]);
  });

  it('a digit sent both by RTP and by INFO counts once', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, leg, seen } = await bench.answeredCall();
    bench.media.notice('dtmf', { legId: leg.legId, digit: '1', durationMs: 100 });
    bench.sip.receiveIn(dialogId, 'INFO', { headers: { 'Content-Type': 'application/dtmf' }, body: '1' });
    await settle();
    expect(seen.filter(([name]) => name === 'digit')).toEqual([['digit', '1']]);
  });

  it.each([
    ['INFO', 415, { 'Content-Type': 'application/media_control+xml' }],
    ['OPTIONS', 200, {}],
    ['REFER', 405, {}],
    ['MESSAGE', 405, {}],
    ['PUBLISH', 405, {}],
    ['SUBSCRIBE', 489, {}],
    ['NOTIFY', 489, {}],
    ['NEWFANGLED', 501, {}],
  ])('%s is answered with %i', async (method, status, headers) => {
    const bench = await TelephonyBench.start();
    const { dialogId, leg } = await bench.answeredCall();
    const request = bench.sip.receiveIn(dialogId, method, { headers, body: method === 'INFO' ? '<x/>' : '' });
    await settle();
    expect(request.last?.status).toBe(status);
    if (status === 405 || status === 501) expect(request.last?.headers?.Allow).toContain('INVITE');
    expect(leg.state).toBe('up');
  });

  it.each([
    ['INVITE', 415, { 'Content-Type': 'text/html' }],
    ['UPDATE', 415, { 'Content-Type': 'application/pidf+xml' }],
    ['PRACK', 415, { 'Content-Type': 'text/plain' }],
    ['INVITE', 415, { 'Content-Encoding': 'gzip' }],
    ['INVITE', 420, { Require: 'precondition' }],
    ['OPTIONS', 420, { Require: 'timer, foo' }],
    ['INFO', 420, { Require: 'recipient-list-invite' }],
    ['INVITE', 422, { 'Session-Expires': '30', Supported: 'timer' }],
  ])('%s is answered with %i when it has %o', async (method, status, headers) => {
    const bench = await TelephonyBench.start();
    const { dialogId, leg } = await bench.answeredCall();
    const request = bench.sip.receiveIn(dialogId, method, { headers, body: offer });
    await settle();
    expect(request.last?.status).toBe(status);
    if (status === 420)
      expect(request.last?.headers?.Unsupported).toMatch(/^(precondition|foo|recipient-list-invite)$/);
    if (status === 422) expect(request.last?.headers?.['Min-SE']).toBe('90');
    expect(leg.state).toBe('up');
  });

  it('an offer while ours, in the 200 of a re-INVITE, waits for the ACK gets 491; afterwards it is taken', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId } = await bench.answeredCall();
    bench.sip.receiveIn(dialogId, 'INVITE');
    await settle();
    const crossing = bench.sip.receiveIn(dialogId, 'UPDATE', { body: version(2) });
    const refresh = bench.sip.receiveIn(dialogId, 'UPDATE');
    await settle();
    expect([crossing.last?.status, refresh.last?.status]).toEqual([491, 200]);
    bench.sip.receiveIn(dialogId, 'ACK', { body: version(2) });
    await settle();
    const later = bench.sip.receiveIn(dialogId, 'UPDATE', { body: version(3) });
    await settle();
    expect(later.last?.status).toBe(200);
  });

  it('an offer that comes while another is being answered gets 500 with Retry-After', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId } = await bench.answeredCall();
    const first = bench.sip.receiveIn(dialogId, 'INVITE', { body: version(2) });
    const second = bench.sip.receiveIn(dialogId, 'UPDATE', { body: version(3) });
    await settle();
    expect([first.last?.status, second.last?.status]).toEqual([200, 500]);
    expect(second.last?.headers?.['Retry-After']).toMatch(/^(\d|10)$/);
  });

  it('a BYE that crosses ours is answered and tells nothing twice', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, leg, seen } = await bench.answeredCall();
    await leg.hangUp({ class: 'success', reason: 'agent-hung-up' });
    const bye = bench.sip.receiveIn(dialogId, 'BYE');
    await settle();
    expect(bye.last?.status).toBe(200);
    expect(seen.filter(([name]) => name === 'ended')).toHaveLength(1);
    bench.sip.last('BYE').respond(481);
  });

  it('a session that expires is ended by the engine, with that reason', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId, seen } = await bench.answeredCall();
    bench.sip.receiveIn(dialogId, 'BYE', {
      unsolicited: true,
      headers: { Reason: 'SIP ;cause=200 ;text="Session timer expired"' },
    });
    await settle();
    expect(seen.at(-1)?.[1]).toEqual({ class: 'client', reason: 'session-expired' });
  });
});

describe('outside any dialog', () => {
  it('a request that requires what we do not speak is answered with 420, a method unknown with 405', async () => {
    const bench = await TelephonyBench.start();
    const required = bench.sip.receive('OPTIONS', { headers: { Require: 'timer, gruu' } });
    const unknown = bench.sip.receive('NEWFANGLED');
    await settle();
    expect(required.last).toMatchObject({ status: 420, headers: { Unsupported: 'gruu' } });
    expect(unknown.last).toMatchObject({
      status: 405,
      headers: { Allow: expect.stringContaining('INVITE') },
    });
  });

  it.each([
    ['OPTIONS', 200],
    ['BYE', 481],
    ['INFO', 481],
    ['MESSAGE', 405],
    ['REFER', 405],
    ['SUBSCRIBE', 489],
  ])('%s is answered with %i', async (method, status) => {
    const bench = await TelephonyBench.start();
    const request = bench.sip.receive(method);
    await settle();
    expect(request.last?.status).toBe(status);
  });

  it('an INVITE for a dialog that nobody has is answered with 481', async () => {
    const bench = await TelephonyBench.start();
    const invite = bench.sip.receive('INVITE', { headers: { To: '<sip:us@pbx>;tag=gone' }, body: offer });
    await settle();
    expect(invite.last?.status).toBe(481);
  });
});
