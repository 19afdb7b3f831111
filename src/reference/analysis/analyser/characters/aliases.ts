import { Gender } from "../document.js";
import { NICKNAMES } from "../lexicon/first-names.js";
import { NEUTRAL_HONORIFICS } from "../lexicon/honorifics.js";
import type { NameForm } from "./name-forms.js";

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

/**
 * Groups name forms by character: "Mr. Nuttel" and "Framton" join "Framton Nuttel". Forms of
 * different genders never join. A form with "Mrs" never joins a form with "Miss".
 */
export function clusterAliases(forms: readonly NameForm[]): readonly AliasCluster[] {
  const clusters: AliasCluster[] = [];
  const titles = new TitleIndex(clusters);
  const index = new Map<string, AliasCluster[]>();
  const firstNames = countFirstNames(forms);
  for (const form of [...forms].sort(byFullness)) {
    const candidates = candidatesFor(form, index);
    const host =
      titles.bearerOf(form.key) ??
      bestHost(
        form,
        candidates.filter((one) => !isOvershadowed(one, form, firstNames)),
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

function countFirstNames(forms: readonly NameForm[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const form of forms) {
    if (form.honorific !== null || form.words.length > 1) continue;
    counts.set(firstOf(form), (counts.get(firstOf(form)) ?? 0) + form.count);
  }
  return counts;
}

/**
 * True if a title with one name ("Mr. Knightley") occurs more than three times as often as all
 * forms of the cluster ("John Knightley", "John"). Such a form means another person than the
 * cluster.
 */
function isOvershadowed(
  cluster: AliasCluster,
  form: NameForm,
  firstNames: ReadonlyMap<string, number>,
): boolean {
  if (form.honorific === null || form.words.length > 1) return false;
  const own = cluster.forms.reduce((sum, known) => sum + known.count, 0);
  const firsts = new Set(cluster.forms.map(firstOf));
  const alone = [...firsts].reduce((sum, first) => sum + (firstNames.get(first) ?? 0), 0);
  return form.count > OVERSHADOWING * (own + alone);
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
  if (isGenderConflict(cluster.gender, form.gender)) return false;
  if (isMaritalConflict(cluster.honorifics, form.honorific)) return false;
  return cluster.forms.some((known) => isSameName(known, form));
}

function isGenderConflict(a: Gender, b: Gender): boolean {
  return a !== Gender.Unknown && b !== Gender.Unknown && a !== b;
}

function isMaritalConflict(honorifics: ReadonlySet<string>, honorific: string | null): boolean {
  if (honorific === null) return false;
  const clashes = UNMARRIED.has(honorific) ? MARRIED : MARRIED.has(honorific) ? UNMARRIED : null;
  return clashes !== null && [...honorifics].some((known) => clashes.has(known));
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
