import { describe, expect, it } from 'vitest';
import { parseApplicationFrame } from '../../../src/codec/drachtio-wire.ts';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import { hopsLeft, targetUri } from '../../../src/sip-engine/proxied-message.ts';
import { parseProxyOrder } from '../../../src/sip-engine/proxy-order.ts';

describe('a proxy frame', () => {
  it('says how and where to', () => {
    const header =
      '1|proxy|txn|remainInDialog|fullResponse|followRedirects|simultaneous|2s|1500ms|sip:a@h|sip:b@h';
    expect(parseProxyOrder(parseApplicationFrame(header))).toEqual({
      transactionId: 'txn',
      remainInDialog: true,
      fullResponse: true,
      followRedirects: true,
      simultaneous: true,
      provisionalTimeoutMs: 2_000,
      finalTimeoutMs: 1_500,
      targets: ['sip:a@h', 'sip:b@h'],
    });
  });

  it('leaves out what it does not want: one after the other, no limits', () => {
    const order = parseProxyOrder(parseApplicationFrame('1|proxy|txn||||serial||soon|sip:a@h'));
    expect(order).toMatchObject({
      remainInDialog: false,
      fullResponse: false,
      followRedirects: false,
      simultaneous: false,
      provisionalTimeoutMs: 0,
      finalTimeoutMs: 0,
    });
  });
});

describe('a request to be proxied', () => {
  const request = SipMessage.request('INVITE', 'sip:alice@here.example;x=1');

  it('keeps its user where the target names none', () => {
    expect(targetUri(request, 'sip:10.0.0.1:5080;transport=tcp')).toBe(
      'sip:alice@10.0.0.1:5080;transport=tcp',
    );
    expect(targetUri(request, 'sip:bob@10.0.0.1')).toBe('sip:bob@10.0.0.1');
    expect(targetUri(request, 'tel:+4711')).toBe('tel:+4711');
  });

  it('has 70 hops when it does not say', () => {
    expect(hopsLeft(request)).toBe(70);
    expect(hopsLeft(SipMessage.request('INVITE', 'sip:x').add('Max-Forwards', '0'))).toBe(0);
  });
});
