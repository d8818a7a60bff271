import { readdir } from 'node:fs/promises';
import { SerialPort } from 'serialport';

export interface SerialDevice {
  path: string;
  /** What the device says of itself; empty where the system does not tell. */
  description: string;
}

const byId = '/dev/serial/by-id';

/**
 * Serial devices a panel could be at, for the settings page. Without udev the names under /dev have to do. Never
 * throws: an empty list means that none was found.
 */
export async function listSerialDevices(): Promise<SerialDevice[]> {
  try {
    const ports = await SerialPort.list();
    return ports.map((port) => ({
      path: port.path,
      description: [port.manufacturer, port.serialNumber].filter(Boolean).join(' '),
    }));
  } catch {
    const named = await names(byId);
    if (named.length > 0) return named.map((name) => ({ path: `${byId}/${name}`, description: name }));
    const devices = (await names('/dev')).filter((name) => /^tty(USB|ACM|AMA|S)\d+$/.test(name));
    return devices.map((name) => ({ path: `/dev/${name}`, description: '' }));
  }
}

async function names(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(() => [])).sort();
}
