/** The end of the box's log: by level and part, followed while one looks. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, errorText, urlOf } from '../../api/client.ts';
import { CheckField, SelectField } from '../../components/form.tsx';
import { Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';
const levels: Level[] = ['error', 'warn', 'info', 'debug'];
const followEveryMs = 3000;

export function Log(): VNode {
  const [level, setLevel] = useState<Level>('info');
  const [part, setPart] = useState('');
  const [follow, setFollow] = useState(true);
  const [round, setRound] = useState(0);
  const log = useLoad(`log ${level} ${part}`, (signal) =>
    api('readLog', { query: { level, ...(part === '' ? {} : { part }) }, signal }),
  );
  useEffect(() => {
    if (!follow) return;
    const timer = setTimeout(() => {
      setRound(round + 1);
      log.reload();
    }, followEveryMs);
    return () => clearTimeout(timer);
  }, [follow, round, level, part]);
  const found = log.value;
  const parts = found?.parts ?? [];
  const choices = part === '' || parts.includes(part) ? parts : [part, ...parts];
  return (
    <div class="stack-wide">
      <div class="log-filters">
        <SelectField
          label={t('log.level')}
          value={level}
          choices={levels.map((value) => ({ value, label: translateCode(`log.level.${value}`) }))}
          onInput={setLevel}
        />
        <SelectField
          label={t('log.part')}
          value={part}
          choices={[
            { value: '', label: t('log.allParts') },
            ...choices.map((value) => ({ value, label: value })),
          ]}
          onInput={setPart}
        />
        <CheckField label={t('log.follow')} value={follow} onInput={setFollow} />
        <a class="button" href={urlOf('downloadLog')} download>
          {t('action.download')}
        </a>
      </div>
      {!found ? (
        log.error ? (
          <LoadFailed text={errorText(log.error)} retry={log.reload} />
        ) : (
          <Skeleton lines={10} />
        )
      ) : found.lines.length === 0 ? (
        <section class="card">
          <Empty title={t('log.none')} text={t('log.noneText')} />
        </section>
      ) : (
        <Table
          label={t('system.log')}
          rows={[...found.lines].reverse().map((line, index) => ({ ...line, key: `${index}` }))}
          rowKey={(line) => line.key}
          columns={[
            {
              key: 'at',
              label: t('history.at'),
              cell: (line) => line.at > 0 && <Moment at={line.at} seconds />,
            },
            {
              key: 'level',
              label: t('log.levelOf'),
              cell: (line) => translateCode(`log.level.${line.level}`),
            },
            { key: 'part', label: t('log.part'), cell: (line) => line.part || line.ns },
            {
              key: 'message',
              label: t('log.message'),
              cell: (line) => (
                <>
                  <div>{line.message}</div>
                  {Object.keys(line.fields).length > 0 && (
                    <div class="mono quiet log-fields">{JSON.stringify(line.fields)}</div>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
