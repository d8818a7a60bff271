/** Records a prompt with this computer's microphone: a countdown, a meter, and a listen before it is kept. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { LevelMeter } from '../../softphone/level-meter.ts';

const countdownFrom = 3;
const longestMs = 5 * 60_000;
/** What the box reads, best first. */
const formats = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

type State =
  | { phase: 'idle' | 'denied' }
  | { phase: 'counting'; left: number }
  | { phase: 'recording'; since: number }
  | { phase: 'done'; sound: Blob; url: string };

export function RecordHere(props: { onKeep: (sound: Blob) => void; busy: boolean }): VNode {
  const [state, setState] = useState<State>({ phase: 'idle' });
  const [level, setLevel] = useState(0);
  const [elapsedMs, setElapsed] = useState(0);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  useEffect(() => {
    if (state.phase !== 'done') return;
    return () => URL.revokeObjectURL(state.url);
  }, [state]);

  const begin = async (): Promise<void> => {
    let stream: MediaStream;
    try {
      // As it is spoken: what makes a call clearer makes an announcement worse.
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: false },
      });
    } catch {
      setState({ phase: 'denied' });
      return;
    }
    const meter = new LevelMeter(stream);
    let recorder: MediaRecorder | undefined;
    let left = countdownFrom;
    let begunAt = 0;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      clearInterval(beat);
      clearInterval(count);
      meter.close();
      for (const track of stream.getTracks()) track.stop();
    };
    const record = (): void => {
      const mimeType = formats.find((format) => MediaRecorder.isTypeSupported(format));
      const parts: Blob[] = [];
      recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => {
        release();
        const sound = new Blob(parts, { type: recorder?.mimeType ?? 'audio/webm' });
        setState({ phase: 'done', sound, url: URL.createObjectURL(sound) });
      };
      recorder.start(500);
      begunAt = Date.now();
      setState({ phase: 'recording', since: begunAt });
    };
    const beat = setInterval(() => {
      setLevel(meter.level());
      if (begunAt === 0) return;
      setElapsed(Date.now() - begunAt);
      if (Date.now() - begunAt > longestMs && recorder?.state === 'recording') recorder.stop();
    }, 80);
    setState({ phase: 'counting', left });
    const count = setInterval(() => {
      left -= 1;
      if (left > 0) setState({ phase: 'counting', left });
      else {
        clearInterval(count);
        record();
      }
    }, 1000);
    stop.current = () => {
      if (recorder?.state === 'recording') recorder.stop();
      else release();
    };
  };

  return (
    <div class="stack" aria-live="polite">
      {state.phase === 'denied' && <p role="alert">{t('prompts.noMicrophone')}</p>}
      {state.phase === 'counting' && (
        <p class="record-count">{t('prompts.beginsIn', { count: state.left })}</p>
      )}
      {state.phase === 'recording' && (
        <p>
          {t('prompts.speakNow')} <span class="elapsed">{formatDuration(elapsedMs)}</span>
        </p>
      )}
      {(state.phase === 'counting' || state.phase === 'recording') && (
        <meter min={0} max={1} value={level} aria-label={t('prompts.level')} />
      )}
      {state.phase === 'done' && (
        // biome-ignore lint/a11y/useMediaCaption: it was spoken a moment ago by who hears it
        <audio controls src={state.url} aria-label={t('prompts.recorded')} />
      )}
      <div class="actions">
        {state.phase === 'recording' ? (
          <button type="button" class="button button-primary" onClick={() => stop.current()}>
            {t('prompts.stop')}
          </button>
        ) : (
          state.phase !== 'counting' && (
            <button type="button" class="button" disabled={props.busy} onClick={() => void begin()}>
              {state.phase === 'done' ? t('prompts.again') : t('prompts.begin')}
            </button>
          )
        )}
        {state.phase === 'done' && (
          <button
            type="button"
            class="button button-primary"
            disabled={props.busy}
            onClick={() => props.onKeep(state.sound)}
          >
            {t('prompts.keep')}
          </button>
        )}
      </div>
    </div>
  );
}
