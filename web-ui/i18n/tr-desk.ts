/** Turkish words of the agent’s desk. */
import type { enDesk } from './en-desk.ts';
import type { Message } from './translate.ts';

export const trDesk: Record<keyof typeof enDesk, Message> = {
  'place.desk': 'Masam',
  'desk.status': 'Durumum',
  'desk.break': 'Mola',
  'desk.breakReason': 'Mola nedeni',
  'desk.unpaid': 'ücretsiz',
  'desk.logOut': 'Çağrılardan çık',
  'desk.call': 'Çağrı',
  'desk.noCall': 'Şu anda çağrı yok',
  'desk.noCallText':
    'Telefonunuz çaldığında kimin, hangi kuyruk için aradığını ve geçmişi burada görürsünüz.',
  'desk.noPhoneText':
    '{number} numaralı telefonunuz bağlı değil: size çağrı ulaşamaz. Telefonu açın ya da telefonlardan sorumlu kişiye başvurun.',
  'desk.noAgent': 'Çağrı almıyorsunuz',
  'desk.noAgentText':
    'Bu oturum hiçbir temsilciye ait değil. Yönetici ikisini Kullanıcılar altında bağlayabilir.',
  'desk.agentGone': 'Bu oturumun temsilcisi artık tanımlı değil. Yöneticiye başvurun.',
  'desk.ringing': 'Telefonunuz çalıyor',
  'desk.ringingTitle': '{caller} arıyor',
  'desk.wrapUp': 'Çağrı sonrası iş',
  'desk.lastCall': 'Son çağrı',
  'desk.queue': 'Kuyruk',
  'desk.waited': 'Bekledi',
  'desk.dialled': 'Aranan numara',
  'desk.wrapUpLeft': 'Sonraki çağrıya kalan',
  'desk.dispositionFirst': 'Çağrının nasıl sonuçlandığını seçin. Sonraki çağrının gelmesine en çok',
  'desk.readyNow': 'Şimdi hazırım',
  'desk.moreTime': '{seconds} sn daha',
  'desk.note': 'Not',
  'desk.noteHelp': 'Yazdıkça kaydedilir.',
  'desk.noteSaved': 'Kaydedildi',
  'desk.noteWaiting': 'Bu tarayıcıda duruyor; santrala ulaşılır ulaşılmaz kaydedilecek.',
  'desk.noteRefused':
    'Santral bu notu kabul etmedi: çağrı sizin değil ya da bir günden uzun süre önce bitti. Metin gerekliyse kopyalayın.',
  'desk.disposition': 'Çağrının sonucu',
  'desk.needsNote': '“{name}” için not gerekir: notu yazın, sonra yeniden seçin.',
  'desk.history': 'Önceki çağrılar',
  'desk.noHistory': 'Kuyruklarınızda bu numarayla daha önce çağrı yok.',
  'desk.notAnswered': 'yanıtlanmadı',
  'desk.notReached': 'ulaşılamadı',
  'desk.outgoing': 'Biz aradık',
  'desk.putAway': 'Kaldır',
  'desk.queues': 'Kuyruklarımda bekleyenler',
  'desk.noQueues': 'Henüz hiçbir kuyrukta değilsiniz.',
  'desk.lastCalls': 'Son çağrılarım',
  'desk.noLastCalls': 'Çağrılarınız burada görünecek.',
  'desk.noDisposition': 'Henüz sonuç yok',
  'desk.openCall': 'Not eklemek için aç',
  'desk.callBack': 'Geri ara',
};
