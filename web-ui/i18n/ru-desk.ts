/** Russian words of the agent’s desk. */
import type { enDesk } from './en-desk.ts';
import type { Message } from './translate.ts';

export const ruDesk: Record<keyof typeof enDesk, Message> = {
  'place.desk': 'Мой стол',
  'desk.status': 'Мой статус',
  'desk.break': 'Перерыв',
  'desk.breakReason': 'Причина перерыва',
  'desk.unpaid': 'не оплачивается',
  'desk.logOut': 'Уйти с линии',
  'desk.call': 'Звонок',
  'desk.noCall': 'Сейчас звонка нет',
  'desk.noCallText':
    'Когда телефон зазвонит, здесь будет видно, кто звонит, из какой очереди и что было раньше.',
  'desk.noPhoneText':
    'Ваш телефон {number} не подключён: звонки до вас не дойдут. Включите его или обратитесь к тому, кто отвечает за телефоны.',
  'desk.noAgent': 'Вы не принимаете звонки',
  'desk.noAgentText':
    'Эта учётная запись не связана ни с одним оператором. Администратор может связать их в разделе учётных записей.',
  'desk.agentGone': 'Оператор этой учётной записи больше не настроен. Обратитесь к администратору.',
  'desk.ringing': 'Ваш телефон звонит',
  'desk.ringingTitle': 'Звонит {caller}',
  'desk.wrapUp': 'Работа после звонка',
  'desk.lastCall': 'Последний звонок',
  'desk.queue': 'Очередь',
  'desk.waited': 'Ожидание',
  'desk.dialled': 'Набранный номер',
  'desk.wrapUpLeft': 'Следующий звонок через',
  'desk.dispositionFirst': 'Выберите, чем закончился звонок. Следующий звонок придёт не позже чем через',
  'desk.readyNow': 'Готов сейчас',
  'desk.moreTime': 'Ещё {seconds} с',
  'desk.note': 'Заметка',
  'desk.noteHelp': 'Сохраняется по мере набора.',
  'desk.noteSaved': 'Сохранено',
  'desk.noteWaiting': 'Хранится в этом браузере; сохранится, как только станция станет доступна.',
  'desk.noteRefused':
    'Станция не приняла заметку: звонок не ваш или закончился больше суток назад. Скопируйте текст, если он нужен.',
  'desk.disposition': 'Чем закончился звонок',
  'desk.needsNote': 'Для «{name}» нужна заметка: напишите её и выберите ещё раз.',
  'desk.history': 'Что было раньше',
  'desk.noHistory': 'В ваших очередях звонков с этим номером ещё не было.',
  'desk.notAnswered': 'без ответа',
  'desk.notReached': 'не дозвонились',
  'desk.outgoing': 'Звонили мы',
  'desk.putAway': 'Убрать',
  'desk.queues': 'Ждут в моих очередях',
  'desk.noQueues': 'Вы пока не состоите ни в одной очереди.',
  'desk.lastCalls': 'Мои последние звонки',
  'desk.noLastCalls': 'Здесь будут ваши звонки.',
  'desk.noDisposition': 'Итог не указан',
  'desk.openCall': 'Открыть, чтобы дописать',
  'desk.callBack': 'Перезвонить',
};
