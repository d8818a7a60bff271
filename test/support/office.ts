import type { SettingsInput } from '../../src/domain/settings.ts';

/** Address of the carrier in tests: another loopback address, because a peer trunk is known by its source. */
export const carrierAddress = '127.0.0.2';
export const secrets = { '101': 'secret-of-101', '102': 'secret-of-102', '103': 'secret-of-103' } as const;

type Office = Omit<SettingsInput, 'version' | 'users'>;
type WholeOffice = { [Section in keyof Office]-?: NonNullable<Office[Section]> };

/** Three extensions, two agents, a menu, a queue and a peer trunk; `change` makes it another one. */
export function office(carrierPort: number, change: (office: WholeOffice) => void = () => {}): Office {
  const made = {
    office: { name: 'Test office', language: 'en', country: 'GB' },
    extensions: [
      { id: 'anna', number: '101', name: 'Anna', secret: secrets['101'] },
      { id: 'bela', number: '102', name: 'Béla', secret: secrets['102'] },
      { id: 'desk', number: '103', name: 'Front desk', secret: secrets['103'] },
    ],
    agents: [
      { id: 'anna', name: 'Anna', extensionId: 'anna' },
      { id: 'bela', name: 'Béla', extensionId: 'bela' },
    ],
    queues: [
      {
        id: 'sales',
        name: 'Sales',
        number: '600',
        agentIds: ['anna', 'bela'],
        wrapUpMs: 0,
        missedPauseMs: 0,
        ringTimeoutMs: 5000,
      },
    ],
    ivrMenus: [
      {
        id: 'main',
        name: 'Main menu',
        number: '500',
        options: [{ digit: '1', destination: { kind: 'queue', queueId: 'sales' } }],
      },
    ],
    trunks: [
      {
        id: 'carrier',
        name: 'Carrier',
        kind: 'peer',
        host: carrierAddress,
        port: carrierPort,
        callerNumber: '3612345678',
        inbound: { kind: 'ivr', ivrMenuId: 'main' },
      },
    ],
  } as unknown as WholeOffice;
  change(made);
  return made;
}
