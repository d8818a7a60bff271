/** The figures beside the call log: counted as the settings say, anew when those change or the log is another. */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { countedOffice } from '../domain/metrics/report.ts';
import type { CallLog } from '../store/call-log.ts';
import { Figures } from '../store/figures.ts';
import type { SettingsStore } from '../store/settings-store.ts';

export function startFigures(parts: {
  file: string;
  logFile: string;
  callLog: CallLog;
  settings: SettingsStore;
  clock: Clock;
  log: Logger;
}): Figures {
  const { callLog, settings, ...rest } = parts;
  const figures = new Figures({ ...rest, office: countedOffice(settings.current) });
  callLog.events.on('problem', ({ code }) => {
    if (code === 'call-log.damaged') figures.logReplaced();
  });
  settings.events.on('changed', ({ settings: changed }) => figures.configure(countedOffice(changed)));
  figures.start();
  return figures;
}
