import {
  type NarrationEntity,
  type NarrationInput,
  ownerOf,
} from "../../../src/instances/index.js";
import type { TestApp } from "../../support/app.js";

/** Five short segments by three speakers. */
export const TEXT = `The bell rang.\n\n“Who is there?” asked Lena.\n\n“Only the wind,” said Otto.`;

/** Creates a narration of TEXT, with its script. */
export async function narrated(
  { given }: TestApp,
  owner = "ada",
  input: NarrationInput = {},
): Promise<NarrationEntity> {
  const story = await given.story({ text: TEXT, analyse: true });
  return given.narration({ owner, story, ...input });
}

/** Changes the text of one segment. */
export async function edited(
  { given, services }: TestApp,
  narration: NarrationEntity,
  { index, text }: { readonly index: number; readonly text: string },
): Promise<void> {
  const now = await given.reread(narration);
  await services.narrations.updateSegments(ownerOf(narration.userId), now, [{ index, text }]);
}

/** Returns the texts of the narration's segments, in order. */
export const textsOf = async ({ given }: TestApp, narration: NarrationEntity): Promise<string[]> =>
  (await given.script(narration)).map(({ text }) => text.trim());
