/** List, get, create, replace and delete of one list of the settings document, the same way for each kind. */
import type { AuditThing } from '../../domain/audit.ts';
import type { Settings } from '../../domain/settings.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { itemIdOf, refuseInUse, type Section, validated } from '../settings-change.ts';
import type { Author, SettingsEditor } from '../settings-editor.ts';

export type Item<S extends Section> = Settings[S][number];

/** How one kind differs from the others. */
export interface Kind<S extends Section, Input, View> {
  section: S;
  /** Its name in messages and, with `.create` and so on, in the audit. */
  word: AuditThing;
  /** What a new item's id is made of. */
  nameOf(input: Input): string;
  /** What may be shown of an item. */
  view(item: Item<S>): View;
  /** The stored item of an input; `before` is there when one is replaced. */
  item(input: Input, id: string, before: Item<S> | undefined): Item<S>;
  /** Refuses what the schema cannot know. */
  check?(settings: Settings): void;
}

/** Handlers of one kind. */
export function listHandlers<S extends Section, Input extends { id?: string | undefined }, View>(
  editor: SettingsEditor,
  kind: Kind<S, Input, View>,
) {
  const { section, word } = kind;
  const itemsOf = (settings: Settings): Item<S>[] => settings[section] as Item<S>[];
  const withItems = (settings: Settings, items: Item<S>[]): Settings => ({ ...settings, [section]: items });
  const find = (settings: Settings, id: string): Item<S> => {
    const item = itemsOf(settings).find((i) => i.id === id);
    if (!item) throw notFound(`${word} ${id}`);
    return item;
  };
  const sound = (settings: Settings, base: readonly PropertyKey[]): Settings => {
    const result = validated(settings, base);
    kind.check?.(result);
    return result;
  };

  return {
    list: (): { items: View[]; revision: number } => {
      return { items: itemsOf(editor.current).map((item) => kind.view(item)), revision: editor.revision };
    },

    get: ({ params }: { params: { id: string } }): View => kind.view(find(editor.current, params.id)),

    create: async (request: Author & { body: Input }): Promise<View> => {
      const { body } = request;
      let id = '';
      const { settings } = await editor.edit(request, {
        action: `${word}.create`,
        target: () => id,
        apply(now) {
          const items = itemsOf(now);
          id = body.id ?? itemIdOf(kind.nameOf(body), items);
          const added = withItems(now, [...items, kind.item(body, id, undefined)]);
          return sound(added, [section, items.length]);
        },
      });
      return kind.view(find(settings, id));
    },

    replace: async (request: Author & { params: { id: string }; body: Input }): Promise<View> => {
      const { body } = request;
      const { id } = request.params;
      if (body.id !== undefined && body.id !== id)
        throw invalidRequest([{ path: 'id', message: 'an id cannot be changed' }]);
      const { settings } = await editor.edit(request, {
        action: `${word}.change`,
        target: () => id,
        apply(now) {
          const items = itemsOf(now);
          const before = find(now, id);
          const after = kind.item(body, id, before);
          const replaced = items.map((i) => (i === before ? after : i));
          return sound(withItems(now, replaced), [section, items.indexOf(before)]);
        },
      });
      return kind.view(find(settings, id));
    },

    remove: async (request: Author & { params: { id: string } }): Promise<undefined> => {
      const { id } = request.params;
      await editor.edit(request, {
        action: `${word}.delete`,
        target: () => id,
        apply(now) {
          const item = find(now, id);
          refuseInUse(now, section, id);
          return sound(
            withItems(
              now,
              itemsOf(now).filter((i) => i !== item),
            ),
            [],
          );
        },
      });
      return undefined;
    },
  };
}
