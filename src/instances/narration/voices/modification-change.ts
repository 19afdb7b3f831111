import { z } from "zod";
import type { InputProblems } from "../../../platform/input/input-problems.js";
import { printableText } from "../../../platform/input/parse-input.js";
import {
  MOST_ENTRIES,
  type VoiceModifications,
  emotionName,
  modificationsSchema,
  tidyModifications,
  wordKeyOf,
} from "./voice-modifications.js";

/** Changes parts of voice modifications. A setting that is absent stays, and null removes the setting. */
export const modificationChangeSchema = modificationsSchema.extend({
  removeEmotions: z.array(emotionName).max(MOST_ENTRIES.emotions).optional(),
  removeCharacters: z.array(z.string()).max(MOST_ENTRIES.characters).optional(),
  removeLexicon: z
    .array(printableText(100).transform(wordKeyOf))
    .max(MOST_ENTRIES.lexicon)
    .optional(),
});

export type ModificationChange = z.output<typeof modificationChangeSchema>;

/**
 * Returns the modifications after a change. An entry takes the place of the entry with the same key, or
 * comes last. To remove what is not there changes nothing.
 */
export function changeModifications(
  stored: VoiceModifications,
  change: ModificationChange,
  problems: InputProblems,
): VoiceModifications {
  const { removeEmotions, removeCharacters, removeLexicon, ...upserts } = change;
  const { emotions, characters, lexicon, ...settings } = upserts;
  const lists = { stored, problems };
  return tidyModifications({
    ...stored,
    ...settings,
    emotions: changeList("emotions", ({ emotion }) => emotion, {
      ...lists,
      entries: emotions,
      removed: { field: "removeEmotions", keys: removeEmotions },
    }),
    characters: changeList("characters", ({ characterId }) => characterId, {
      ...lists,
      entries: characters,
      removed: { field: "removeCharacters", keys: removeCharacters },
    }),
    lexicon: changeList("lexicon", ({ word }) => wordKeyOf(word), {
      ...lists,
      entries: lexicon,
      removed: { field: "removeLexicon", keys: removeLexicon },
    }),
  });
}

type ListName = keyof typeof MOST_ENTRIES;
type Entry<L extends ListName> = NonNullable<VoiceModifications[L]>[number];

interface ListChange<L extends ListName> {
  readonly stored: VoiceModifications;
  readonly problems: InputProblems;
  readonly entries: readonly Entry<L>[] | undefined;
  readonly removed: { readonly field: string; readonly keys: readonly string[] | undefined };
}

function changeList<L extends ListName>(
  list: L,
  keyOf: (entry: Entry<L>) => string,
  { stored, problems, entries = [], removed: { field, keys = [] } }: ListChange<L>,
): Entry<L>[] {
  const changed = new Map((stored[list] ?? []).map((entry) => [keyOf(entry), entry]));
  for (const key of keys) changed.delete(key);
  for (const entry of entries) changed.set(keyOf(entry), entry);
  const both = entries.map(keyOf);
  for (const [at, key] of keys.entries()) {
    if (!both.includes(key)) continue;
    problems.add(`modify.${field}.${at} is also in modify.${list}; send one of the two.`, [
      ...["modify", field, String(at)],
    ]);
  }
  if (changed.size > MOST_ENTRIES[list]) {
    problems.add(`modify.${list} makes more than ${MOST_ENTRIES[list]} entries.`, ["modify", list]);
  }
  return [...changed.values()];
}
