import { Gender } from "../document.js";
import { NICKNAMES } from "../lexicon/first-names.js";
import { NEUTRAL_HONORIFICS } from "../lexicon/honorifics.js";
import { wordSet } from "../lexicon/word-list.js";
import type { NameForm } from "./name-forms.js";
import type { SharedSentences } from "./shared-sentences.js";

/**
 * The forms of one character's name. The first form is the fullest: "Framton Nuttel" comes before
 * "Mr. Nuttel".
 */
export interface AliasCluster {
  readonly forms: NameForm[];
  gender: Gender;
  honorifics: Set<string>;
}

const OVERSHADOWING = 3;
const SHORT_TITLES: ReadonlyMap<string, string> = new Map([
  ["doctor", "dr"],
  ["professor", "prof"],
  ["captain", "capt"],
  ["colonel", "col"],
  ["reverend", "rev"],
]);
const UNMARRIED = new Set(["miss", "mademoiselle", "mlle"]);
const MARRIED = new Set(["mrs", "madame", "mme"]);
const RANKS = wordSet(
  "captain capt colonel col major general gen lieutenant lieut sergeant corporal admiral reverend rev bishop cardinal",
);

/**
 * Groups name forms by character: "Mr. Nuttel" and "Framton" join "Framton Nuttel". Forms of
 * different genders never join. A form with "Mrs" never joins a form with "Miss".
 */
export function clusterAliases(
  forms: readonly NameForm[],
  sentences: SharedSentences,
): readonly AliasCluster[] {
  const clusters: AliasCluster[] = [];
  const titles = new TitleIndex(clusters);
  const index = new Map<string, AliasCluster[]>();
  const firstNames = countFirstNames(forms);
  const maidens = surnamesOfMaidens(forms);
  for (const form of [...forms].sort(byFullness)) {
    const namesakes = candidatesFor(form, index);
    const candidates = namesakes.filter(
      (one) => !areApart(one, form, sentences) && !isOfMaiden(one, form, maidens),
    );
    // If "Mr. Hale" is not Lydia's brother Tom Hale, he is most often the head of the family, and
    // no other Hale who is rarer than he.
    const isFamily = candidates.length < namesakes.length;
    const host =
      titles.bearerOf(form.key) ??
      bestHost(
        form,
        candidates.filter((one) => !isOvershadowed(one, form, firstNames, isFamily)),
      );
    const cluster = host ?? newCluster();
    if (host === undefined) clusters.push(cluster);
    addForm(cluster, form, index);
  }
  return clusters;
}

/**
 * Finds the character that a title without a name means: "the Captain" is Captain Vane if she is
 * the only captain.
 */
export class TitleIndex {
  readonly #clusters: readonly AliasCluster[];

  constructor(clusters: readonly AliasCluster[]) {
    this.#clusters = clusters;
  }

  bearerOf(word: string): AliasCluster | undefined {
    if (!NEUTRAL_HONORIFICS.has(word)) return undefined;
    const bearers = this.#clusters.filter(
      ({ honorifics }) => honorifics.has(word) || honorifics.has(SHORT_TITLES.get(word) ?? word),
    );
    return bearers.length === 1 ? bearers[0] : undefined;
  }
}

/** Counts first names without a surname: "Lydia", "Aunt Lydia". */
function countFirstNames(forms: readonly NameForm[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const form of forms) {
    if (form.words.length > 1) continue;
    counts.set(firstOf(form), (counts.get(firstOf(form)) ?? 0) + form.count);
  }
  return counts;
}

function isTitledSurname(form: NameForm): boolean {
  return form.honorific !== null && form.words.length === 1;
}

/**
 * True if a title with one name ("Mr. Knightley") occurs more than three times as often as all
 * forms of the cluster ("John Knightley", "John"). Such a form means another person than the
 * cluster. In a family, it must not occur more often at all, unless the cluster has the title.
 */
function isOvershadowed(
  cluster: AliasCluster,
  form: NameForm,
  firstNames: ReadonlyMap<string, number>,
  isFamily: boolean,
): boolean {
  if (!isTitledSurname(form)) return false;
  const own = cluster.forms.reduce((sum, known) => sum + known.count, 0);
  // The first name in "Mrs. Charles Hale" is her husband's.
  const firsts = new Set(
    cluster.forms.filter(({ honorific }) => !MARRIED.has(honorific ?? "")).map(firstOf),
  );
  const total = [...firsts].reduce((sum, first) => sum + (firstNames.get(first) ?? 0), own);
  const isOther = isFamily && !cluster.honorifics.has(form.honorific ?? "");
  return form.count > (isOther ? 1 : OVERSHADOWING) * total;
}

/**
 * Sorts full names first, then titled names, then single words. Within each of these three kinds,
 * the more frequent name comes first. `clusterAliases` needs this order, because shorter names join
 * the clusters of fuller names.
 */
function byFullness(a: NameForm, b: NameForm): number {
  const rank = (form: NameForm): number =>
    form.words.length > 1 ? 0 : form.honorific === null ? 2 : 1;
  return rank(a) - rank(b) || b.count - a.count || (a.key < b.key ? -1 : 1);
}

function newCluster(): AliasCluster {
  return { forms: [], gender: Gender.Unknown, honorifics: new Set() };
}

function addForm(cluster: AliasCluster, form: NameForm, index: Map<string, AliasCluster[]>): void {
  cluster.forms.push(form);
  if (cluster.gender === Gender.Unknown) cluster.gender = form.gender;
  if (form.honorific !== null) cluster.honorifics.add(form.honorific);
  for (const word of new Set([firstOf(form), lastOf(form)])) {
    const known = index.get(word) ?? [];
    if (!known.includes(cluster)) known.push(cluster);
    index.set(word, known);
  }
}

function firstOf(form: NameForm): string {
  return formalName(form.lowers[0] ?? "");
}

function lastOf(form: NameForm): string {
  return formalName(form.lowers.at(-1) ?? "");
}

function formalName(lower: string): string {
  return NICKNAMES.get(lower) ?? lower;
}

function candidatesFor(
  form: NameForm,
  index: ReadonlyMap<string, AliasCluster[]>,
): readonly AliasCluster[] {
  const found = new Set([...(index.get(firstOf(form)) ?? []), ...(index.get(lastOf(form)) ?? [])]);
  return [...found].filter((cluster) => accepts(cluster, form));
}

function accepts(cluster: AliasCluster, form: NameForm): boolean {
  if (isGenderConflict(cluster, form)) return false;
  if (isTitleConflict(cluster.honorifics, form.honorific)) return false;
  if (cluster.forms.some((known) => isUnknownInitials(known, form))) return false;
  return cluster.forms.some((known) => isSameName(known, form));
}

/** Returns the surnames that follow "Miss". */
function surnamesOfMaidens(forms: readonly NameForm[]): ReadonlySet<string> {
  const misses = forms.filter(({ honorific }) => UNMARRIED.has(honorific ?? ""));
  return new Set(misses.map(lastOf));
}

/**
 * True if the form is "Mrs. Hale", the text also has a Miss Hale, and no title of the cluster shows
 * which of both it is. Then the cluster ("Lydia Hale") is most often Miss Hale.
 */
function isOfMaiden(
  { honorifics }: AliasCluster,
  form: NameForm,
  maidens: ReadonlySet<string>,
): boolean {
  if (!isTitledSurname(form) || !MARRIED.has(form.honorific ?? "")) return false;
  return maidens.has(lastOf(form)) && ![...honorifics].some((known) => MARRIED.has(known));
}

/** True if narration shows that the titled surname and the cluster are two persons. */
function areApart(cluster: AliasCluster, form: NameForm, sentences: SharedSentences): boolean {
  if (!isTitledSurname(form)) return false;
  return cluster.forms.some((known) => known.words.length > 1 && sentences.areApart(form, known));
}

/**
 * True if the cluster and the form have different genders. A form without a gender has the gender
 * of the few pronouns that follow it: "Mrs. Finch left. Finch buttoned his coat."
 */
function isGenderConflict(cluster: AliasCluster, form: NameForm): boolean {
  const [a, b] = [leaningOf(cluster.gender, cluster.forms), leaningOf(form.gender, [form])];
  return a !== Gender.Unknown && b !== Gender.Unknown && a !== b;
}

function leaningOf(gender: Gender, forms: readonly NameForm[]): Gender {
  if (gender !== Gender.Unknown) return gender;
  return forms.find(({ leaning }) => leaning !== Gender.Unknown)?.leaning ?? Gender.Unknown;
}

/**
 * True if one form has initials instead of first names and the other is a woman's. Initials carry
 * no gender, and narration calls most women by their first names. So "Mrs. Hale" joins "J. R. Hale"
 * only if the pronouns after "J. R. Hale" are a woman's.
 */
function isUnknownInitials(a: NameForm, b: NameForm): boolean {
  const [initials, other] = isInitials(a) ? [a, b] : [b, a];
  if (!isInitials(initials) || (isInitials(other) && other.honorific === initials.honorific))
    return false;
  return other.gender === Gender.Female && initials.leaning !== Gender.Female;
}

function isInitials({ words }: NameForm): boolean {
  return words.length > 1 && words.slice(0, -1).every((word) => word.length === 1);
}

/**
 * True if one person cannot have both titles: Mrs. Hale is neither Miss Hale nor Captain Hale.
 */
function isTitleConflict(honorifics: ReadonlySet<string>, honorific: string | null): boolean {
  if (honorific === null) return false;
  return [...honorifics].some((known) => clash(known, honorific) || clash(honorific, known));
}

function clash(a: string, b: string): boolean {
  if (UNMARRIED.has(a)) return MARRIED.has(b) || RANKS.has(b);
  return MARRIED.has(a) && RANKS.has(b);
}

function isSameName(known: NameForm, form: NameForm): boolean {
  const isKnownFull = known.words.length > 1;
  const isFormFull = form.words.length > 1;
  if (isKnownFull && isFormFull) {
    return firstOf(known) === firstOf(form) && lastOf(known) === lastOf(form);
  }
  if (isKnownFull) return firstOf(known) === firstOf(form) || lastOf(known) === lastOf(form);
  return firstOf(known) === firstOf(form);
}

/**
 * Returns the candidate that a form joins. Prefers a character with the title of the form, then a
 * character with the first name of the form, then the most frequent character. Returns undefined if
 * there is no candidate.
 */
function bestHost(form: NameForm, candidates: readonly AliasCluster[]): AliasCluster | undefined {
  const weight = (cluster: AliasCluster): number => {
    const sharesFirst = cluster.forms.some((known) => firstOf(known) === firstOf(form));
    const sharesTitle = form.honorific !== null && cluster.honorifics.has(form.honorific);
    const total = cluster.forms.reduce((sum, known) => sum + known.count, 0);
    return total + (sharesFirst ? 1e6 : 0) + (sharesTitle ? 1e7 : 0);
  };
  return [...candidates].sort((a, b) => weight(b) - weight(a))[0];
}
