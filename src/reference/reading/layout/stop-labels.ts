import { isDirectionLine } from "./directions.js";
import type { LabelLine } from "./label-lines.js";
import type { LineTable } from "./line-table.js";

const FEWEST_OF_CAST = 3;
const CAST_SHARE = 0.5;
const FEWEST_TURNS = 4;
/** How much of the last speech is read to see whom it calls. */
const SPEECH_LENGTH = 300;

export const keyOf = (name: string): string => name.toLowerCase();

/** Returns how many labels have each name. */
export function countTurns(labels: readonly LabelLine[]): ReadonlyMap<string, number> {
  const turns = new Map<string, number>();
  for (const { name } of labels) turns.set(keyOf(name), (turns.get(keyOf(name)) ?? 0) + 1);
  return turns;
}

/**
 * Returns the labels "Name." whose names the list of the cast has. There are none if they begin less than half of the
 * paragraphs: "Anna. She was gone." can be prose.
 */
export function castLabels(
  lines: LineTable,
  labels: readonly LabelLine[],
  cast: ReadonlySet<string>,
): readonly LabelLine[] {
  const listed = labels.filter(({ name }) => cast.has(keyOf(name)));
  const turns = countTurns(listed);
  if (listed.length < FEWEST_OF_CAST || turns.size < 2 || turns.size === listed.length) return [];
  const others = countOthers(lines, listed);
  return listed.length >= CAST_SHARE * (listed.length + others) ? listed : [];
}

/**
 * True for a short exchange: every paragraph begins with a name, every name comes again, nobody speaks twice in a
 * row, and the names are names of persons.
 */
export function isExchange(lines: LineTable, labels: readonly LabelLine[]): boolean {
  const turns = countTurns(labels);
  if (labels.length < FEWEST_TURNS || turns.size < 2) return false;
  if ([...turns.values()].includes(1) || !alternates(labels)) return false;
  return countOthers(lines, labels) === 0 && namePersons(lines, labels);
}

const alternates = (labels: readonly LabelLine[]): boolean =>
  labels.every(({ name }, index) => keyOf(name) !== keyOf(labels[index - 1]?.name ?? ""));

/** Counts the paragraphs between the labels that are no directions and have no label. */
function countOthers(lines: LineTable, labels: readonly LabelLine[]): number {
  const labelled = new Set(labels.map(({ line }) => line));
  let count = 0;
  for (let line = labels[0]?.line ?? 0; line < (labels.at(-1)?.line ?? 0); line += 1) {
    const isOther = lines.isAfterBlank(line) && !labelled.has(line);
    if (isOther && !isDirectionLine(lines, line)) count += 1;
  }
  return count;
}

/**
 * True if no name is a word of the text, and one of them is surely a person's: it has two words, or somebody says it.
 * "Left. You turn left." has no name.
 */
function namePersons({ text }: LineTable, labels: readonly LabelLine[]): boolean {
  const said = labels
    .map(({ end }, index) => text.slice(end, labels[index + 1]?.start ?? end + SPEECH_LENGTH))
    .join("\n");
  const words = new Set(said.match(/[\p{L}\p{M}'’-]+/gu));
  const called = new Set(said.match(/(?<=[\p{Ll},]\s+)\p{Lu}[\p{L}\p{M}'’-]*/gu));
  const names = namesOf(labels);
  if (names.some((name) => words.has(keyOf(name)))) return false;
  return names.some((name) => name.includes(" ") || called.has(name));
}

const namesOf = (labels: readonly LabelLine[]): readonly string[] => [
  ...new Set(labels.map(({ name }) => name)),
];

/** True for names such as "First Witch" and "Second Witch", whose speeches need not talk to anybody. */
export function areOfOneKind(labels: readonly LabelLine[]): boolean {
  const names = namesOf(labels).map((name) => name.split(" "));
  return names.every((words) => words.length > 1 && words.at(-1) === names[0]?.at(-1));
}
