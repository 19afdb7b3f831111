import { Gender } from "../document.js";
import { FEMALE_HONORIFICS, MALE_HONORIFICS } from "../lexicon/honorifics.js";
import type { TokenList } from "../text/tokens.js";
import type { GenderVotes } from "./pronouns.js";
import { isAfterPreposition } from "./name-forms.js";
import { genderAfter } from "./pronouns.js";
import type { NameForm } from "./name-forms.js";
import { formKey } from "./name-forms.js";
import type { NameSpan } from "./names.js";

const FEWEST_VOTES = 4;
const DECISIVE_SHARE = 0.7;
/** The pronouns that outweigh the list of first names: more of them, and clearer. */
const FEWEST_CONTRARY_VOTES = 6;
const CONTRARY_SHARE = 0.8;

/**
 * Sets the gender of each form before the forms of one person are joined. A title with a gender
 * decides. Otherwise the pronouns that follow the form decide, if there are at least four and 70 %
 * of them agree. Otherwise the form keeps the gender of its first name. So "Corbin lit his pipe"
 * keeps Corbin apart from Mrs. Corbin.
 */
export function assignFormGenders(
  forms: ReadonlyMap<string, NameForm>,
  names: readonly NameSpan[],
  tokens: TokenList,
): void {
  const votes = new Map<string, GenderVotes>();
  names.forEach((name, position) => {
    if (isAfterPreposition(tokens, name.first)) return;
    const gender = genderAfter(tokens, name, names[position + 1]);
    if (gender === null) return;
    const key = formKey(name);
    const vote = votes.get(key) ?? { male: 0, female: 0, neutral: 0 };
    vote[gender] += 1;
    votes.set(key, vote);
  });
  for (const form of forms.values()) {
    if (!hasGenderedTitle(form)) decide(form, votesFor(form, votes));
  }
}

/** Returns the votes for a form. Pronouns after "Rowley" also vote for "Rowley C. Marsh". */
function votesFor(form: NameForm, votes: ReadonlyMap<string, GenderVotes>): GenderVotes {
  const total = { male: 0, female: 0, neutral: 0 };
  for (const key of new Set([form.key, form.lowers[0] ?? ""])) {
    const vote = votes.get(key);
    total.male += vote?.male ?? 0;
    total.female += vote?.female ?? 0;
  }
  return total;
}

function hasGenderedTitle({ honorific }: NameForm): boolean {
  return honorific !== null && (FEMALE_HONORIFICS.has(honorific) || MALE_HONORIFICS.has(honorific));
}

function decide(form: NameForm, vote: GenderVotes): void {
  const total = vote.male + vote.female;
  const isListed = form.gender !== Gender.Unknown;
  for (const gender of [Gender.Male, Gender.Female]) {
    const share = vote[gender] / Math.max(1, total);
    if (share < DECISIVE_SHARE) continue;
    form.leaning = gender;
    const outweighs = total >= FEWEST_CONTRARY_VOTES && share >= CONTRARY_SHARE;
    if (isListed ? outweighs : total >= FEWEST_VOTES) form.gender = gender;
  }
}
