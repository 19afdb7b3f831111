import type { Tx } from "../../../platform/database/transactions/database.js";
import type { InputProblems } from "../../../platform/input/input-problems.js";
import {
  DELIVERED_EMOTIONS,
  emotionKeyOf,
  explainUnknownEmotion,
  templateStore,
} from "../../../reference/index.js";

/** An emotion in an input, with its path. */
export interface NamedEmotion {
  readonly emotion: string | null | undefined;
  readonly path: readonly string[];
}

interface WithEmotions {
  readonly emotions?: readonly { readonly emotion: string }[] | undefined;
}

/** The emotions in voice modifications, and in changes of parts. */
export const emotionsIn = (input: {
  readonly voiceModifications?: WithEmotions | null | undefined;
  readonly modify?: WithEmotions | null | undefined;
}): NamedEmotion[] =>
  (["voiceModifications", "modify"] as const).flatMap((field) =>
    (input[field]?.emotions ?? []).map(({ emotion }, at) => ({
      ...{ emotion, path: [field, "emotions", String(at), "emotion"] },
    })),
  );

/** Returns those emotions that not every voice can express. Only these need a look at the templates. */
export const strangeEmotions = (named: readonly NamedEmotion[]): NamedEmotion[] =>
  named.filter(
    ({ emotion }) => typeof emotion === "string" && !DELIVERED_EMOTIONS.has(emotionKeyOf(emotion)),
  );

/**
 * Finds the emotions that nobody can ask for: those that are no active template. Each message names the
 * nearest emotion. An emotion in `kept` may stay, because the row has it already.
 */
export async function refuseUnknownEmotions(
  tx: Tx,
  named: readonly NamedEmotion[],
  problems: InputProblems,
  kept: WithEmotions = {},
): Promise<void> {
  const strange = strangeEmotions(named);
  if (strange.length === 0) return;
  const known = new Set([...DELIVERED_EMOTIONS, ...(await templateStore.emotionKeys(tx))]);
  for (const { emotion, path } of strange) {
    if (typeof emotion !== "string" || !problems.isClean(path)) continue;
    const key = emotionKeyOf(emotion);
    if (known.has(key) || kept.emotions?.some((each) => each.emotion === key)) continue;
    problems.add(explainUnknownEmotion(emotion, [...known]), path);
  }
}
