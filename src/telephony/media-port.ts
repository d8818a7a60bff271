/** The media engine as legs use it. */
import type { ControlClient } from '../base/control-socket.ts';
import type { MediaNotices, MediaOperations } from '../codec/media-control.ts';

export type MediaPort = Pick<ControlClient<MediaOperations, MediaNotices>, 'call' | 'events' | 'isUp'>;

/** The notices by name, without the index signature that their transport asks for. */
type NamedNotices = {
  [Name in keyof MediaNotices as string extends Name ? never : Name]: MediaNotices[Name];
};

/** What the media engine tells, name and arguments together, so that the name narrows the arguments. */
export type MediaNotice = {
  [Name in keyof NamedNotices & string]: [name: Name, args: NamedNotices[Name]];
}[keyof NamedNotices & string];
