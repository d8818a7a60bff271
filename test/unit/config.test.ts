import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';

describe('the name servers of an instance', () => {
  it('are those of the machine unless some are named', () => {
    expect(readConfig({}).dnsServers).toBeNull();
    expect(readConfig({ CORDBOARD_DNS: ' ' }).dnsServers).toBeNull();
    expect(
      readConfig({ CORDBOARD_DNS: '192.0.2.1, 127.0.0.1:5353,2001:db8::1,[::1]:53' }).dnsServers,
    ).toEqual(['192.0.2.1', '127.0.0.1:5353', '2001:db8::1', '[::1]:53']);
  });

  it.each(['dns.example.com', '192.0.2.1:0', '192.0.2.1:65536', '192.0.2', '[::1', '192.0.2.1,,'])(
    'are refused when they are no addresses: %s',
    (text) => {
      expect(() => readConfig({ CORDBOARD_DNS: text })).toThrow(/^CORDBOARD_DNS must be addresses/);
    },
  );
});
