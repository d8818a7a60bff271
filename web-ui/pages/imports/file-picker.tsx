/** The first step of an import: a file, chosen or dropped. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { Progress } from '../../components/progress.tsx';
import { t } from '../../i18n/translate.ts';

export type Table = EndpointResponse<'uploadTable'>;

/** As the server's limit: a larger file is refused before it is sent. */
const maxBytes = 32 * 1024 * 1024;

export function FilePicker(props: { help: string; onTable: (table: Table) => void }): VNode {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<string>();
  const [problem, setProblem] = useState<string>();

  const send = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setProblem(undefined);
    if (file.size > maxBytes) return setProblem(t('import.tooLarge', { name: file.name }));
    setSending(file.name);
    try {
      // Windows calls CSV files Excel's own.
      const content = new Blob([file], { type: 'text/csv' });
      props.onTable(await api('uploadTable', { file: content, query: { name: file.name } }));
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setSending(undefined);
    }
  };

  return (
    <section
      aria-label={t('import.choose')}
      class={`drop ${over ? 'drop-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void send(event.dataTransfer?.files[0]);
      }}
    >
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          void send(file);
        }}
      />
      {sending ? (
        <Progress label={t('import.sending', { name: sending })} />
      ) : (
        <>
          <button type="button" class="button button-primary" onClick={() => input.current?.click()}>
            <Icon name="upload" />
            {t('import.choose')}
          </button>
          <span class="quiet">{t('import.drop')}</span>
        </>
      )}
      <p class="quiet">{props.help}</p>
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
