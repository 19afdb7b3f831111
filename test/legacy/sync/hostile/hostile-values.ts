import { createHash } from "node:crypto";

/** A text of this many characters that no compression makes smaller. */
const noise = (length: number): string => {
  let text = "";
  for (let round = 0; text.length < length; round += 1) {
    text += createHash("sha512").update(String(round)).digest("base64");
  }
  return text.slice(0, length);
};

const nested = (depth: number, open: string, close: string, core: string): string =>
  open.repeat(depth) + core + close.repeat(depth);

const TEXTS: readonly (string | null)[] = [
  null,
  "",
  " \t\n",
  "\u00a0\ufeff",
  "\u0001\u001f\u007f\u0085",
  "…—!?",
  "العربية עברית 日本語 👩‍👩‍👧‍👦 e\u0301\u0323",
  "\uffff\u{10ffff}\u200b\u202e",
  String.raw`'; DROP TABLE users; -- \ \u0000 %s {1} $$`,
  '{"segments": [{"text": "\\u0000"}]}',
  "_",
  "x".repeat(250),
  noise(9_000),
  "word ".repeat(60_000),
];

const JSON_VALUES: readonly (string | null)[] = [
  null,
  "null",
  "true",
  "-0",
  `1${"0".repeat(400)}.5`,
  '""',
  "[]",
  "{}",
  '[null, 1, true, [], {}, "", [["x"]]]',
  '{"segments": null}',
  '{"segments": {"segments": [{"text": null, "emotion": 7, "intensity": "9", "speaker": {"name": []}}]}}',
  JSON.stringify(JSON.stringify([{ text: "In a text" }])),
  JSON.stringify('[{"text": "\\u0000"}]'),
  JSON.stringify('{"characters": "\\ud800"}'),
  '{"summary": 5, "moodCategory": [], "characters": {"name": "x"}}',
  '{"characters": [null, 5, "", "Ann", {"name": null}, {"name": "Bob", "traits": [null, {}], "age": {}}]}',
  `[{"text": "${"long ".repeat(20_000)}", "emotion": "${"e".repeat(300)}", "intensity": 1e300}]`,
  nested(3_000, "[", "]", ""),
  nested(3_000, '{"segments":', "}", "[]"),
  JSON.stringify(nested(3_000, '{"segments":', "}", "[]")),
];

const TIMES: readonly (string | null)[] = [
  null,
  "infinity",
  "-infinity",
  "4713-01-01 00:00:00 BC",
  "0001-01-01 00:00:00",
  "200000-01-01 00:00:00",
  "294276-12-31 23:59:59.999999",
];

/** The values for each type of a legacy column. */
const VALUES: Readonly<Record<string, readonly (string | null)[]>> = {
  text: TEXTS,
  "character varying": TEXTS,
  jsonb: JSON_VALUES,
  "timestamp without time zone": TIMES,
  integer: [null, "-2147483647", "-1", "0", "2147483647"],
  boolean: [null, "true", "false"],
  real: [null, "NaN", "Infinity", "-Infinity", "-1", "3e38"],
  "double precision": [null, "NaN", "Infinity", "-Infinity", "-1", "1e308"],
  numeric: [null, "NaN", "Infinity", "-1", "1e1000"],
  ARRAY: [
    null,
    "{}",
    "{NULL}",
    '{NULL,"",a,a,A," b "}',
    "{{a,b},{c,NULL}}",
    "[5:6]={a,b}",
    `{${Array.from({ length: 2_000 }, (_, index) => `tag${index}`).join(",")}}`,
    `{${noise(9_000)}}`,
  ],
};

export const hostileValues = (type: string): readonly (string | null)[] => {
  const values = VALUES[type];
  if (!values) throw new Error(`There are no hostile values of the type ${type}.`);
  return values;
};
