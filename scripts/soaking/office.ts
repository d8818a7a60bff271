/** The office that is soaked: agents on two queues, a menu, phones, and a carrier known by its address. */
import type { SettingsInput } from '../../src/domain/settings.ts';

export const carrierAddress = '127.0.0.2';
export const agentCount = 20;
export const phoneCount = 30;
/** Numbers that the carrier delivers, and where they go. */
export const numbers = { sales: '3610000001', help: '3610000002', menu: '3610000003', desk: '3610000004' };
/** The phone that `numbers.desk` rings, and whom nobody else calls. */
export const deskNumber = '299';

export const agentNumber = (i: number): string => String(100 + i);
export const phoneNumber = (i: number): string => String(200 + i);
export const secretOf = (number: string): string => `soak-secret-${number}`;

export function soakOffice(carrierPort: number): Omit<SettingsInput, 'version' | 'users'> {
  const agentIds = Array.from({ length: agentCount }, (_, i) => `agent-${i}`);
  const extension = (number: string) => ({
    id: `phone-${number}`,
    number,
    name: `Phone ${number}`,
    secret: secretOf(number),
  });
  const queue = {
    agentIds,
    wrapUpMs: 1000,
    missedPauseMs: 2000,
    ringTimeoutMs: 5000,
    announceEveryMs: 10_000,
  };
  return {
    office: { name: 'Soaked office', language: 'en', country: 'GB' },
    extensions: [
      ...agentIds.map((_, i) => extension(agentNumber(i))),
      ...Array.from({ length: phoneCount }, (_, i) => extension(phoneNumber(i))),
      extension(deskNumber),
    ],
    agents: agentIds.map((id, i) => ({ id, name: `Agent ${i}`, extensionId: `phone-${agentNumber(i)}` })),
    queues: [
      { id: 'sales', name: 'Sales', number: '600', ...queue },
      { id: 'help', name: 'Help', number: '601', strategy: 'ring-all', ...queue },
    ],
    ivrMenus: [
      {
        id: 'menu',
        name: 'Menu',
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
        callerNumber: numbers.sales,
      },
    ],
    numbers: [
      { id: 'sales', number: numbers.sales, destination: { kind: 'queue', queueId: 'sales' } },
      { id: 'help', number: numbers.help, destination: { kind: 'queue', queueId: 'help' } },
      { id: 'menu', number: numbers.menu, destination: { kind: 'ivr', ivrMenuId: 'menu' } },
      {
        id: 'desk',
        number: numbers.desk,
        destination: { kind: 'extension', extensionId: `phone-${deskNumber}` },
      },
    ],
  };
}
