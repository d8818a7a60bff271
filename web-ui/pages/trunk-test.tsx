/** A test call over a trunk, followed step by step. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api, errorText } from '../api/client.ts';
import { TextField } from '../components/form.tsx';
import { formatDuration } from '../components/time.tsx';
import { reasonText, traceText } from '../i18n/reasons.ts';
import { t } from '../i18n/translate.ts';
import { live } from '../state/live.ts';

type Call = EndpointResponse<'getCall'>;

const askEveryMs = 1000;

export function TrunkTest({ trunkId }: { trunkId: string }): VNode {
  const [number, setNumber] = useState('');
  const [callId, setCallId] = useState<string>();
  const [ended, setEnded] = useState<Call>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const running = live.value?.calls.find((call) => call.callId === callId);

  // The log has the call some moments after it has left the live picture.
  useEffect(() => {
    if (callId === undefined || running || ended) return;
    const look = (): void => {
      api('getCall', { params: { id: callId } }).then(
        (call) => {
          if (call.phase === 'ended') setEnded(call);
        },
        () => undefined,
      );
    };
    const timer = setInterval(look, askEveryMs);
    return () => clearInterval(timer);
  }, [callId, running === undefined, ended]);

  const begin = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    setEnded(undefined);
    setCallId(undefined);
    try {
      const begun = await api('testTrunk', { params: { id: trunkId }, body: { number: number.trim() } });
      setCallId(begun.callId);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const shown = running ?? ended;
  const quality = ended?.legs[0]?.quality;
  return (
    <section class="stack" aria-label={t('trunk.test')}>
      <h3>{t('trunk.test')}</h3>
      <TextField
        label={t('trunk.testNumber')}
        help={t('trunk.testHelp')}
        value={number}
        onInput={setNumber}
        type="tel"
        error={problem}
      />
      <div class="actions">
        <button
          type="button"
          class="button"
          disabled={busy || number.trim() === '' || running !== undefined}
          onClick={() => void begin()}
        >
          {t('trunk.testBegin')}
        </button>
      </div>
      <div aria-live="polite">
        {shown && (
          <ol class="trace">
            {shown.trace.map((note, index) => (
              <li key={`${index}`} class="trace-note">
                <span class="trace-at">{formatDuration(note.at - shown.startedAt)}</span>
                <span>{traceText(note.code, note.params)}</span>
              </li>
            ))}
            {ended?.termination && (
              <li class="trace-note">
                <span class="trace-at">{formatDuration((ended.endedAt ?? 0) - ended.startedAt)}</span>
                <strong>{reasonText(ended.termination.reason)}</strong>
              </li>
            )}
            {quality && (
              <li class="trace-note">
                <span class="trace-at" />
                <span>
                  {quality.packetsReceived > 0
                    ? t('trunk.testSound', {
                        received: quality.packetsReceived,
                        lost: quality.packetsLost,
                        jitterMs: Math.round(quality.jitterMeanMs),
                      })
                    : t('trunk.testSilent')}
                </span>
              </li>
            )}
          </ol>
        )}
        {ended && <a href={`/calls/${ended.callId}`}>{t('trunk.testCall')}</a>}
      </div>
    </section>
  );
}
