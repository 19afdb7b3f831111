import { z } from "zod";
import type { InputProblems } from "../../platform/input/input-problems.js";
import { parseInput } from "../../platform/input/parse-input.js";

/** What a person asks to train. */
export interface TrainingRequest {
  /** `provider:own-<random>`. Absent: the owner's first voice of the provider, or a new voice. */
  readonly voiceId?: string | null | undefined;
  /** Absent: the first provider that makes voices. */
  readonly provider?: string | null | undefined;
  /** The new name of the voice. Absent: the voice keeps its name. */
  readonly displayName?: string | null | undefined;
  /** Empty: all templates with recordings. A template that is named twice counts once. */
  readonly templateIds: readonly number[];
}

const MOST_TEMPLATES = 100;
const MOST_NAME_CHARACTERS = 60;
/** Controls, line ends, and the characters that turn the direction of the text around a name. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** A character that has a shape of its own. Some letters and signs have none, for example a Hangul filler. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

const schema = z.object({
  displayName: z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(
      z
        .string()
        .regex(VISIBLE, "is empty")
        .refine(
          (text) => [...text].length <= MOST_NAME_CHARACTERS,
          `is longer than ${MOST_NAME_CHARACTERS} characters`,
        )
        .refine((text) => !CONTROLS.test(text), "contains a control character; remove it"),
    )
    .nullish(),
});

/** Checks the input, without a look at any row. */
export function parseTrainingRequest(
  asked: TrainingRequest,
  problems: InputProblems,
): TrainingRequest {
  const checked = problems.check(() => parseInput(schema, asked), null);
  if (asked.templateIds.length > MOST_TEMPLATES) {
    problems.add(
      `templateIds has ${asked.templateIds.length} entries; at most ${MOST_TEMPLATES} are allowed.`,
      ["templateIds"],
    );
  }
  return { ...asked, displayName: checked?.displayName };
}
