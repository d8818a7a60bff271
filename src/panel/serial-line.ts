import { SerialPort } from 'serialport';
import type { OpenPanelLine } from './line.ts';

/** Line settings of `hardware/panel-protocol.md` section 1. */
const baudRate = 115_200;

/** More than this not yet taken by the device: nobody reads there, and old requests would come out all at once. */
const maxUnsentBytes = 512;

/** Opens a serial device (or PTY) by node-serialport. */
export const openSerialLine: OpenPanelLine = (device, events) => {
  // hupcl off: boards with an auto-reset circuit would start anew whenever the appliance does.
  const port = new SerialPort({ path: device, baudRate, autoOpen: false, hupcl: false });
  let over = false;
  const closed = (reason: string): void => {
    if (over) return;
    over = true;
    events.closed(reason);
  };
  port.on('data', (chunk: Buffer) => {
    if (!over) events.data(chunk);
  });
  port.on('close', (error: Error | null) => closed(error?.message ?? 'the port was closed'));
  port.on('error', (error: Error) => {
    if (!port.isOpen) closed(error.message);
  });
  const opening = new Promise<void>((resolve) => {
    port.open((error) => {
      resolve();
      if (error) closed(error.message);
      else if (!over) events.opened();
    });
  });
  return {
    write(bytes) {
      if (over || !port.isOpen || port.writableLength > maxUnsentBytes) return;
      port.write(Buffer.from(bytes));
    },
    async close() {
      over = true;
      await opening;
      if (!port.isOpen) return;
      await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
};
