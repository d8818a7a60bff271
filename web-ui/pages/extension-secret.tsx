/** Shows, on request, what a phone needs to register; hidden again when one leaves. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api, errorText } from '../api/client.ts';
import { Copy } from '../components/copy.tsx';
import { confirmAct, toast } from '../components/feedback.tsx';
import { t } from '../i18n/translate.ts';

export function ExtensionSecret({ extensionId }: { extensionId: string }): VNode {
  const [shown, setShown] = useState<EndpointResponse<'extensionSecret'>>();
  const [busy, setBusy] = useState(false);
  const ask = async (makeNew: boolean): Promise<void> => {
    if (makeNew) {
      const yes = await confirmAct({
        title: t('secret.newTitle', { name: shown?.userName ?? '' }),
        text: t('secret.newText'),
        action: t('secret.new'),
      });
      if (!yes) return;
    }
    setBusy(true);
    try {
      setShown(await api('extensionSecret', { params: { id: extensionId }, body: { new: makeNew } }));
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  if (!shown)
    return (
      <div class="stack">
        <div class="actions">
          <button type="button" class="button" disabled={busy} onClick={() => void ask(false)}>
            {t('secret.show')}
          </button>
        </div>
        <p class="quiet">{t('secret.showHelp')}</p>
      </div>
    );
  return (
    <section class="stack secret" aria-label={t('secret.title')}>
      <h3>{t('secret.title')}</h3>
      <p class="quiet">{t('secret.how')}</p>
      <Copy label={t('secret.server')} value={shown.servers[0] ?? location.hostname} />
      {shown.servers.length > 1 && (
        <p class="quiet">{t('secret.otherServers', { servers: shown.servers.slice(1).join(', ') })}</p>
      )}
      <Copy label={t('secret.port')} value={String(shown.port)} />
      <Copy label={t('secret.user')} value={shown.userName} />
      <Copy label={t('secret.secret')} value={shown.secret} />
      <p class="quiet">
        {t('secret.transport', {
          transports: shown.transports.map((transport) => transport.toUpperCase()).join(', '),
          digest: shown.digest,
        })}
      </p>
      <p class="quiet">{t('secret.tls', { port: String(shown.tlsPort) })}</p>
      <div class="actions">
        <button type="button" class="button" onClick={() => setShown(undefined)}>
          {t('secret.hide')}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => void ask(true)}>
          {t('secret.new')}
        </button>
      </div>
    </section>
  );
}
