/** Türkçe. Keys and notes as in en.ts; the polite form throughout. The box is “santral”. */
import { trAccess } from './tr-access.ts';
import { trBackup } from './tr-backup.ts';
import { trCallTest } from './tr-call-test.ts';
import { trCalls } from './tr-calls.ts';
import { trCodes } from './tr-codes.ts';
import { trDesk } from './tr-desk.ts';
import { trDialling } from './tr-dialling.ts';
import { trFace } from './tr-face.ts';
import { trFigures } from './tr-figures.ts';
import { trHistory } from './tr-history.ts';
import { trHours } from './tr-hours.ts';
import { trImports } from './tr-imports.ts';
import { trLamps } from './tr-lamps.ts';
import { trOutbound } from './tr-outbound.ts';
import { trPages } from './tr-pages.ts';
import { trPrompts } from './tr-prompts.ts';
import type { Catalogue } from './translate.ts';

export const tr: Catalogue = {
  'app.name': 'Cordboard',

  'action.cancel': 'Vazgeç',
  'action.close': 'Kapat',
  'action.copy': 'Kopyala',
  'action.copied': 'Kopyalandı',
  'action.copyThing': 'Kopyala: {thing}',
  'action.delete': 'Sil',
  'action.discard': 'Değişiklikleri geri al',
  'action.download': 'İndir',
  'action.reload': 'Sayfayı yenile',
  'action.remove': 'Kaldır',
  'action.save': 'Kaydet',
  'action.signOut': 'Oturumu kapat',
  'action.tryAgain': 'Yeniden dene',

  'state.loading': 'Yükleniyor',
  'state.loadFailed': 'Bu yüklenemedi',
  'state.saving': 'Kaydediliyor',

  'place.live': 'Canlı',
  'place.calls': 'Çağrılar',
  'place.queues': 'Kuyruklar',
  'place.agents': 'Temsilciler',
  'place.users': 'Kullanıcılar',
  'place.extensions': 'Dahililer',
  'place.ivr': 'Sesli menü',
  'place.trunks': 'Dış hatlar',
  'place.numbers': 'Numaralar',
  'place.recordings': 'Ses kayıtları',
  'place.prompts': 'Anonslar',
  'place.panel': 'Lamba paneli',
  'place.system': 'Sistem',
  'place.softphone': 'Buradan ara',

  'shell.places': 'Sayfalar',
  'shell.skip': 'Sayfa içeriğine geç',
  'shell.language': 'Dil',
  'shell.theme': 'Açık veya koyu',
  'shell.preferences': 'Dil, açık veya koyu görünüm',
  'shell.broken': 'Bu sayfa bozuldu',
  'shell.demo': 'Tanıtım: bu ofisteki herkes canlandırmadır ve hiçbir şey saklanmaz.',
  'shell.connectionLost': 'Santralle bağlantı koptu. Gördüğünüz durumun saati:',
  'shell.connectionResumes': 'Santrale yeniden ulaşılınca kendiliğinden sürer; çağrılar bundan etkilenmez.',
  'theme.auto': 'Sistemdeki gibi',
  'theme.light': 'Açık',
  'theme.dark': 'Koyu',

  'strip.trunks': 'Dış hat {up}/{all}',
  'strip.noTrunks': 'Dış hat yok',
  'strip.waiting': 'bekliyor',
  'strip.faults': {
    one: '{count} arıza',
    other: '{count} arıza',
  },

  'field.name': 'Ad',
  'field.personName': 'Ad',
  'field.number': 'Numara',
  'field.numberOptional': 'Numara (boş bırakılabilir)',
  'field.state': 'Durum',
  'field.since': 'Süre',
  'field.promptLanguage': 'Anons dili',
  'field.officeLanguage': 'Ofisin dili',
  'unit.seconds': 'saniye',
  'unit.calls': 'çağrı',

  'form.saved': 'Kaydedildi: {thing}.',
  'form.deleted': 'Silindi: {thing}.',
  'form.deleteTitle': 'Silinsin mi: {thing}?',
  'form.deleteThing': 'Sil: {thing}',
  'form.leaveTitle': 'Kaydetmeden çıkılsın mı?',
  'form.leaveText': 'Bu sayfadaki değişiklikler henüz kaydedilmedi ve kaybolacak.',
  'form.leaveAction': 'Çık',

  'notFound.title': 'Bulunamadı',
  'notFound.head': 'Böyle bir sayfa yok',
  'notFound.text': 'Adres eski olabilir ya da sayfa size açık değil.',
  'notFound.thing': 'Bu artık yok',
  'notFound.thingText': 'Silinmiş ya da adres yanlış.',

  'unreachable.title': 'Santral yanıt vermiyor',
  'unreachable.text':
    'Çağrılar sürüyor olabilir; yalnızca bu sayfa santrale ulaşamıyor. Ofis ağında olduğunuzu denetleyin.',

  'claim.title': 'Santralin kurulumu',
  'claim.intro': 'Santral başlatılırken yazdırılan sahiplik kodunu girin ve yönetici parolasını seçin.',
  'claim.code': 'Sahiplik kodu',
  'claim.codeHelp': './scripts/start komutunun çalıştırıldığı pencerede yazar.',
  'claim.nameHelp': 'Bundan sonra bu adla oturum açarsınız.',
  'claim.action': 'Kur',
  'login.title': 'Oturum açma',
  'login.name': 'Ad',
  'login.password': 'Parola',
  'login.action': 'Oturum aç',
  'password.rule': 'En az {count} karakter; birkaç sözcüğü anımsamak kolay, tahmin etmek zordur.',
  'password.missing': {
    one: '{count} karakter eksik.',
    other: '{count} karakter eksik.',
  },
  'firstRun.title': 'Nasıl başlamak istersiniz?',
  'firstRun.intro': 'Sonradan her şeyi değiştirebilirsiniz.',
  'firstRun.sample': 'Örnek ofisle başla',
  'firstRun.sampleText':
    'Üç dahili, iki temsilci, karşılamalı bir menü ve bir kuyruk: bir yazılım telefonu bağlayın, hemen arayın.',
  'firstRun.empty': 'Boş başla',
  'firstRun.emptyText': 'Hiçbir şey ayarlı değildir; dahilileri, temsilcileri ve dış hatları siz eklersiniz.',
  ...trDialling,
  ...trHistory,
  ...trHours,
  ...trCallTest,
  ...trFace,
  ...trImports,
  ...trLamps,
  ...trFigures,
  ...trOutbound,
  ...trPages,
  ...trCodes,
  ...trPrompts,
  ...trAccess,
  ...trCalls,
  ...trBackup,
  ...trDesk,
};
