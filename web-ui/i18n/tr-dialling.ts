/** What the dialler says in calls and faults. */
export const trDialling = {
  'trace.campaign.dialled': '{campaign} kampanyası {agent} için {number} numarasını arıyor, deneme {attempt}',
  'termination.dialling-stopped': 'Tüm aramalar durduruldu',
  'fault.leads.damaged':
    'Kişiler, denemeler ve aranmayacaklar listesi bozuldu: yeni bir dosya başlatıldı, arama durduruldu',
} as const;
