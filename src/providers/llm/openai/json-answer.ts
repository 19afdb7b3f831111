/**
 * Finds the one JSON object in what a model wrote. Models put prose, fences and their thoughts around
 * an object, or repeat the object. Returns undefined without an object, and also with several
 * different objects, because nobody can tell which of them is the answer.
 */
export function findJsonObject(content: string): object | undefined {
  const whole = parseObject(content);
  if (whole) return whole;
  const found = objectsIn(withoutThoughts(content));
  return found.size === 1 ? [...found.values()][0] : undefined;
}

/** Some servers leave out the start of the thoughts, because their template contains it. */
const THOUGHTS = /^.*<\/(think|thinking|reasoning)>|<(think|thinking|reasoning)>.*$/su;

const withoutThoughts = (content: string): string => content.replace(THOUGHTS, "");

/**
 * Returns the different outermost objects of a text, by their text. Braces that do not contain JSON are prose. An object
 * that does not end is the last one, because the objects inside of it are only parts of an answer.
 */
function objectsIn(text: string): ReadonlyMap<string, object> {
  const objects = new Map<string, object>();
  let start = text.indexOf("{");
  while (start >= 0) {
    const end = endOfBraces(text, start);
    if (end === undefined) break;
    const part = text.slice(start, end);
    const object = parseObject(part);
    if (object) objects.set(part, object);
    start = text.indexOf("{", end);
  }
  return objects;
}

/** Returns the offset after the brace that closes the one at `start`. Braces in strings do not count. */
function endOfBraces(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\\" && isString) at += 1;
    else if (sign === '"') isString = !isString;
    else if (!isString && sign === "{") depth += 1;
    else if (!isString && sign === "}" && --depth === 0) return at + 1;
  }
  return undefined;
}

/**
 * Answers have three levels. JavaScript and PostgreSQL have no stack for thousands of levels, which models write
 * that repeat themselves.
 */
const MOST_LEVELS = 100;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(each, levels - 1));
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && !isDeeperThan(value, MOST_LEVELS) ? value : undefined;
  } catch {
    // The error quotes the text, so nobody may see it.
    return undefined;
  }
}
