import { getIntrospectionQuery, parse, specifiedRules, validate } from "graphql";
import { MAX_TOKENS, validationRules } from "../../src/graphql/limits.js";
import { buildFabulaSchema } from "../../src/graphql/schema/schema.js";

const schema = buildFabulaSchema();
const messagesOf = (source: string): string[] =>
  validate(schema, parse(source, { maxTokens: MAX_TOKENS }), [
    ...specifiedRules,
    ...validationRules,
  ]).map(({ message }) => message);

const nested = (levels: number, inner: string): string =>
  `${"stories { edges { node { voiceModulationTemplates { edges { node { ".repeat(levels)}${inner}${" } } } } } }".repeat(levels)}`;

test("the nested page and introspection are allowed", () => {
  expect(
    messagesOf(`{ stories { edges { node { userNarrations { edges { node {
      segments { edges { node { speaker { name } voice { displayName } } } } } } } } } } }`),
  ).toEqual([]);
  expect(messagesOf(getIntrospectionQuery())).toEqual([]);
});

test("refuses an operation that is too deep, also through fragments", () => {
  const open = `{ ${nested(3, "id")} }`;
  const split = `{ stories { edges { node { ...Story } } } }
    fragment Story on ReferenceStory { voiceModulationTemplates { edges { node { ...Template } } } }
    fragment Template on VoiceModulationTemplate { stories { edges { node { voiceModulationTemplates {
      edges { node { stories { edges { node { id } } } } } } } } } }`;

  expect(messagesOf(open)).toContain("The operation is 19 fields deep; at most 15 are allowed.");
  expect(messagesOf(split)).toContain("The operation is 16 fields deep; at most 15 are allowed.");
});

test("a fragment that spreads itself does not loop forever", () => {
  const messages = messagesOf("{ viewer { ...U } } fragment U on User { id ...U }");

  expect(messages).toEqual(['Cannot spread fragment "U" within itself.']);
});

test("refuses too many aliases", () => {
  const aliases = Array.from({ length: 16 }, (_, index) => `a${index}: viewer { id }`).join(" ");

  expect(messagesOf(`{ ${aliases} }`)).toEqual([
    "The request has 16 aliases; at most 15 are allowed.",
  ]);
});

test("refuses too many directives", () => {
  const directives = "... @skip(if: false) { viewer { id } } ".repeat(6);

  expect(messagesOf(`{ ${directives} }`)).toEqual([
    "The request has 6 directives; at most 5 are allowed.",
  ]);
});

test("refuses a document with too many tokens", () => {
  expect(() => messagesOf(`{ ${"viewer ".repeat(MAX_TOKENS)} }`)).toThrow("1000 tokens");
});
