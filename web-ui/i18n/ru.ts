/** Русский. Keys and notes as in en.ts; «вы» in small letters. The box is «станция». */
import { ruAccess } from './ru-access.ts';
import { ruBackup } from './ru-backup.ts';
import { ruCallTest } from './ru-call-test.ts';
import { ruCalls } from './ru-calls.ts';
import { ruCodes } from './ru-codes.ts';
import { ruDesk } from './ru-desk.ts';
import { ruDialling } from './ru-dialling.ts';
import { ruFace } from './ru-face.ts';
import { ruFigures } from './ru-figures.ts';
import { ruHistory } from './ru-history.ts';
import { ruHours } from './ru-hours.ts';
import { ruImports } from './ru-imports.ts';
import { ruLamps } from './ru-lamps.ts';
import { ruOutbound } from './ru-outbound.ts';
import { ruPages } from './ru-pages.ts';
import { ruPrompts } from './ru-prompts.ts';
import type { Catalogue } from './translate.ts';

export const ru: Catalogue = {
  'app.name': 'Cordboard',

  'action.cancel': 'Отмена',
  'action.close': 'Закрыть',
  'action.copy': 'Копировать',
  'action.copied': 'Скопировано',
  'action.copyThing': 'Копировать: {thing}',
  'action.delete': 'Удалить',
  'action.discard': 'Отменить изменения',
  'action.download': 'Скачать',
  'action.reload': 'Обновить страницу',
  'action.remove': 'Убрать',
  'action.save': 'Сохранить',
  'action.signOut': 'Выйти',
  'action.tryAgain': 'Повторить',

  'state.loading': 'Загрузка',
  'state.loadFailed': 'Не удалось загрузить',
  'state.saving': 'Сохранение',

  'place.live': 'Сейчас',
  'place.calls': 'Звонки',
  'place.queues': 'Очереди',
  'place.agents': 'Операторы',
  'place.users': 'Учётные записи',
  'place.extensions': 'Внутренние номера',
  'place.ivr': 'Голосовое меню',
  'place.trunks': 'Внешние линии',
  'place.numbers': 'Номера',
  'place.recordings': 'Записи',
  'place.prompts': 'Объявления',
  'place.panel': 'Табло',
  'place.system': 'Система',
  'place.softphone': 'Позвонить отсюда',

  'shell.places': 'Страницы',
  'shell.skip': 'Перейти к содержимому',
  'shell.language': 'Язык',
  'shell.theme': 'Светлая или тёмная',
  'shell.preferences': 'Язык, светлая или тёмная тема',
  'shell.broken': 'Страница сломалась',
  'shell.demo': 'Демонстрация: все люди в этом офисе вымышлены, и ничего из этого не сохраняется.',
  'shell.connectionLost': 'Связь со станцией потеряна. Вы видите состояние на',
  'shell.connectionResumes':
    'Всё продолжится само, как только станция снова будет доступна; на звонки это не влияет.',
  'theme.auto': 'Как в системе',
  'theme.light': 'Светлая',
  'theme.dark': 'Тёмная',

  'strip.trunks': 'Линии {up}/{all}',
  'strip.noTrunks': 'Нет внешних линий',
  'strip.waiting': 'ждут',
  'strip.faults': {
    one: '{count} неисправность',
    few: '{count} неисправности',
    many: '{count} неисправностей',
    other: '{count} неисправности',
  },

  'field.name': 'Название',
  'field.personName': 'Имя',
  'field.number': 'Номер',
  'field.numberOptional': 'Номер (можно не указывать)',
  'field.state': 'Состояние',
  'field.since': 'Уже',
  'field.promptLanguage': 'Язык объявлений',
  'field.officeLanguage': 'Язык офиса',
  'unit.seconds': 'секунд',
  'unit.calls': 'звонков',

  'form.saved': 'Сохранено: {thing}.',
  'form.deleted': 'Удалено: {thing}.',
  'form.deleteTitle': 'Удалить: {thing}?',
  'form.deleteThing': 'Удалить: {thing}',
  'form.leaveTitle': 'Уйти без сохранения?',
  'form.leaveText': 'Изменения на этой странице ещё не сохранены и будут потеряны.',
  'form.leaveAction': 'Уйти',

  'notFound.title': 'Не найдено',
  'notFound.head': 'Такой страницы нет',
  'notFound.text': 'Возможно, адрес устарел или страница вам недоступна.',
  'notFound.thing': 'Этого больше нет',
  'notFound.thingText': 'Это удалено, или адрес неверен.',

  'unreachable.title': 'Станция не отвечает',
  'unreachable.text':
    'Звонки, возможно, идут; только эта страница не может связаться со станцией. Проверьте, что вы в сети офиса.',

  'claim.title': 'Подготовка станции',
  'claim.intro': 'Введите код владельца, выведенный при запуске станции, и задайте пароль администратора.',
  'claim.code': 'Код владельца',
  'claim.codeHelp': 'Он выведен в окне, где запускали ./scripts/start.',
  'claim.nameHelp': 'С этим именем вы будете входить.',
  'claim.action': 'Начать работу',
  'login.title': 'Вход',
  'login.name': 'Имя',
  'login.password': 'Пароль',
  'login.action': 'Войти',
  'password.rule': 'Не меньше {count} знаков; несколько слов легко запомнить и трудно угадать.',
  'password.missing': {
    one: 'Не хватает {count} знака.',
    few: 'Не хватает {count} знаков.',
    many: 'Не хватает {count} знаков.',
    other: 'Не хватает {count} знака.',
  },
  'firstRun.title': 'С чего начать?',
  'firstRun.intro': 'Позже можно изменить всё.',
  'firstRun.sample': 'Начать с примера офиса',
  'firstRun.sampleText':
    'Три внутренних номера, два оператора, меню с приветствием и очередь: подключите софтфон и сразу звоните.',
  'firstRun.empty': 'Начать с пустого',
  'firstRun.emptyText':
    'Ничего не настроено; вы сами добавите внутренние номера, операторов и внешние линии.',
  ...ruDialling,
  ...ruHistory,
  ...ruHours,
  ...ruCallTest,
  ...ruFace,
  ...ruImports,
  ...ruLamps,
  ...ruFigures,
  ...ruOutbound,
  ...ruPages,
  ...ruCodes,
  ...ruPrompts,
  ...ruAccess,
  ...ruCalls,
  ...ruBackup,
  ...ruDesk,
};
