/** What the dialler says in calls and faults. */
export const ruDialling = {
  'trace.campaign.dialled': 'Кампания {campaign} звонит на {number} для {agent}, попытка {attempt}',
  'termination.dialling-stopped': 'Весь обзвон остановлен',
  'fault.leads.damaged':
    'Контакты, попытки и список запрещённых номеров повреждены: начат новый файл, обзвон остановлен',
} as const;
