import { z } from "zod";
import type { Database } from "../database/transactions/database.js";
import { languageInput, parseInput, printableText } from "../input/parse-input.js";
import { userStore } from "./user.store.js";

const MAX_NAME_LENGTH = 100;
/** Characters that change the direction of the text around them: a name could make other words unreadable. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const profileSchema = z.object({
  displayName: printableText(MAX_NAME_LENGTH)
    .refine((name) => VISIBLE.test(name), "has no visible character")
    .refine(
      (name) => !TURNING.test(name),
      "contains a character that changes the direction of text; remove it",
    )
    .nullish(),
  preferredLanguage: languageInput().optional(),
});

type ProfileFields = z.input<typeof profileSchema>;

/** What a user can change about oneself. An absent field stays unchanged. null clears the name. */
export type ProfileChanges = { readonly [K in keyof ProfileFields]: ProfileFields[K] | null };

/** Changes what users say about themselves. */
export class ProfileService {
  constructor(private readonly use: { readonly database: Database }) {}

  /** @throws InvalidInputError with the names of the fields */
  async update(userId: string, changes: ProfileChanges): Promise<void> {
    const { displayName, preferredLanguage: language } = parseInput(profileSchema, changes);
    const profile = {
      ...(displayName === undefined ? {} : { displayName }),
      ...(language === undefined ? {} : { language }),
    };
    if (Object.keys(profile).length === 0) return;
    await this.use.database.write(userId, (tx) => userStore.setProfile(tx, userId, profile));
  }
}
