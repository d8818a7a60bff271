/** Small line drawings from lucide, always beside a word or with a tooltip. A new one is an import and a row here. */
import activity from 'lucide/dist/esm/icons/activity.mjs';
import arrowDown from 'lucide/dist/esm/icons/arrow-down.mjs';
import arrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import cable from 'lucide/dist/esm/icons/cable.mjs';
import chartColumn from 'lucide/dist/esm/icons/chart-column.mjs';
import check from 'lucide/dist/esm/icons/check.mjs';
import chevronDown from 'lucide/dist/esm/icons/chevron-down.mjs';
import chevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import chevronRight from 'lucide/dist/esm/icons/chevron-right.mjs';
import chevronsUpDown from 'lucide/dist/esm/icons/chevrons-up-down.mjs';
import clock from 'lucide/dist/esm/icons/clock.mjs';
import copy from 'lucide/dist/esm/icons/copy.mjs';
import download from 'lucide/dist/esm/icons/download.mjs';
import ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import externalLink from 'lucide/dist/esm/icons/external-link.mjs';
import hash from 'lucide/dist/esm/icons/hash.mjs';
import headset from 'lucide/dist/esm/icons/headset.mjs';
import info from 'lucide/dist/esm/icons/info.mjs';
import keyboard from 'lucide/dist/esm/icons/keyboard.mjs';
import lightbulb from 'lucide/dist/esm/icons/lightbulb.mjs';
import listOrdered from 'lucide/dist/esm/icons/list-ordered.mjs';
import lock from 'lucide/dist/esm/icons/lock.mjs';
import lockOpen from 'lucide/dist/esm/icons/lock-open.mjs';
import logOut from 'lucide/dist/esm/icons/log-out.mjs';
import mic from 'lucide/dist/esm/icons/mic.mjs';
import monitor from 'lucide/dist/esm/icons/monitor.mjs';
import panelLeftClose from 'lucide/dist/esm/icons/panel-left-close.mjs';
import panelLeftOpen from 'lucide/dist/esm/icons/panel-left-open.mjs';
import pause from 'lucide/dist/esm/icons/pause.mjs';
import pencil from 'lucide/dist/esm/icons/pencil.mjs';
import phone from 'lucide/dist/esm/icons/phone.mjs';
import phoneForwarded from 'lucide/dist/esm/icons/phone-forwarded.mjs';
import phoneIncoming from 'lucide/dist/esm/icons/phone-incoming.mjs';
import phoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import phoneOutgoing from 'lucide/dist/esm/icons/phone-outgoing.mjs';
import play from 'lucide/dist/esm/icons/play.mjs';
import plus from 'lucide/dist/esm/icons/plus.mjs';
import refreshCw from 'lucide/dist/esm/icons/refresh-cw.mjs';
import rotateCcw from 'lucide/dist/esm/icons/rotate-ccw.mjs';
import search from 'lucide/dist/esm/icons/search.mjs';
import server from 'lucide/dist/esm/icons/server.mjs';
import settings2 from 'lucide/dist/esm/icons/settings-2.mjs';
import smartphone from 'lucide/dist/esm/icons/smartphone.mjs';
import square from 'lucide/dist/esm/icons/square.mjs';
import trash from 'lucide/dist/esm/icons/trash.mjs';
import triangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import undo2 from 'lucide/dist/esm/icons/undo-2.mjs';
import upload from 'lucide/dist/esm/icons/upload.mjs';
import user from 'lucide/dist/esm/icons/user.mjs';
import users from 'lucide/dist/esm/icons/users.mjs';
import volume2 from 'lucide/dist/esm/icons/volume-2.mjs';
import x from 'lucide/dist/esm/icons/x.mjs';
import { h, type VNode } from 'preact';

const drawings = {
  live: activity,
  calls: phoneIncoming,
  queues: listOrdered,
  people: users,
  outbound: phoneOutgoing,
  reports: chartColumn,
  lines: cable,
  panel: lightbulb,
  system: server,
  softphone: headset,
  add: plus,
  alert: triangleAlert,
  back: chevronLeft,
  check: check,
  chevronDown: chevronDown,
  chevronRight: chevronRight,
  clock: clock,
  close: x,
  collapse: panelLeftClose,
  copy: copy,
  delete: trash,
  download: download,
  edit: pencil,
  expand: panelLeftOpen,
  external: externalLink,
  extension: smartphone,
  hangUp: phoneOff,
  hash: hash,
  history: rotateCcw,
  info: info,
  keyboard: keyboard,
  lock: lock,
  mic: mic,
  more: ellipsis,
  number: hash,
  pause: pause,
  phone: phone,
  play: play,
  reload: refreshCw,
  search: search,
  setting: settings2,
  signOut: logOut,
  sortDown: arrowDown,
  sortNone: chevronsUpDown,
  sortUp: arrowUp,
  sound: volume2,
  stop: square,
  transfer: phoneForwarded,
  undo: undo2,
  unlocked: lockOpen,
  upload: upload,
  user: user,
  wall: monitor,
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {drawings[name].map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
