/** The phones registered to one extension, as the registrar sees them now. */
import type { VNode } from 'preact';
import { Lamp } from '../components/lamp.tsx';
import { Moment } from '../components/time.tsx';
import { t } from '../i18n/translate.ts';
import { live } from '../state/live.ts';

export function ExtensionPhones({ extensionId }: { extensionId: string }): VNode {
  const contacts = live.value?.phones.find((phone) => phone.extensionId === extensionId)?.contacts ?? [];
  if (contacts.length === 0) return <Lamp state="dark" text={t('extension.noPhoneYet')} />;
  return (
    <ul class="lines">
      {contacts.map((contact) => (
        <li key={contact.uri} class="line-block">
          <Lamp state="available" text={contact.userAgent || t('extension.unknownPhone')} />
          <div class="quiet">
            {contact.source} · {contact.transport.toUpperCase()} · {t('extension.until')}{' '}
            <Moment at={contact.expiresAt} />
          </div>
        </li>
      ))}
    </ul>
  );
}
