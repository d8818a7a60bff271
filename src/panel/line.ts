/** The wire to a panel, so that the driver is the same on a serial port and on a test's wire. */
export interface PanelLine {
  /** Never throws; bytes for a line that is gone are lost. */
  write(bytes: Uint8Array): void;
  /** `closed` is not told for it. Resolves when the device is free again. */
  close(): Promise<void>;
}

export interface PanelLineEvents {
  opened(): void;
  data(chunk: Uint8Array): void;
  /** Told once: it could not be opened, or it went away. */
  closed(reason: string): void;
}

export type OpenPanelLine = (device: string, events: PanelLineEvents) => PanelLine;
