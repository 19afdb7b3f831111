import { readFile } from "node:fs/promises";
import {
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  buildSchema,
  getVariableValues,
  parse,
  print,
  validate,
} from "graphql";
import { loadPlaygroundExamples } from "../../../src/http/playground/playground.examples.js";
import { playgroundTabs } from "../../../src/http/playground/playground.tabs.js";
import { sampleContext } from "./context.sample.js";

const examples = await loadPlaygroundExamples();
const tabs = playgroundTabs(examples, sampleContext);
const operationsOf = (query: string): OperationDefinitionNode[] =>
  parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

const tabOf = (operation: string) => {
  const tab = tabs.find(({ query }) =>
    operationsOf(query).some(({ name }) => name?.value === operation),
  );
  if (!tab) throw new Error(`No tab has the operation ${operation}.`);
  return tab;
};

describe("the playground's examples", () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    const sdl = await readFile(new URL("../../../schema.graphql", import.meta.url), "utf8");
    schema = buildSchema(sdl);
  });

  test("every operation of every tab is valid against the printed schema", () => {
    const faults = tabs.flatMap(({ query }) => validate(schema, parse(query)));

    expect(faults).toEqual([]);
  });

  test("every operation accepts its tab's variables unchanged", () => {
    const faults = tabs.flatMap(({ query, variables }) =>
      operationsOf(query).flatMap(({ variableDefinitions = [] }) => {
        const { errors = [] } = getVariableValues(schema, variableDefinitions, variables);
        return errors;
      }),
    );

    expect(faults).toEqual([]);
  });
});

test("every operation has a unique name", () => {
  const names = tabs.flatMap(({ query }) => operationsOf(query).map(({ name }) => name?.value));

  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});

test("every example file has a tab", () => {
  expect(tabs.map(({ query }) => query).toSorted()).toEqual(Object.values(examples).toSorted());
});

test("without a trained voice, there is no tab about that voice", () => {
  const ids = { ...sampleContext.ids, ownVoice: null };
  const without = playgroundTabs(examples, { ...sampleContext, ids });

  expect(without.map(({ query }) => query)).not.toContain(examples["my-trained-voice"]);
  expect(without.length).toBe(tabs.length - 1);
});

test("every variable of a tab is used by one of its operations", () => {
  const unused = tabs.flatMap(({ query, variables }) =>
    Object.keys(variables).filter((name) => !query.includes(`$${name}`)),
  );

  expect(unused).toEqual([]);
});

test("every tab has the token of the user that its comment names", () => {
  expect(tabOf("TheShelf").token).toBeNull();
  expect(tabOf("PublishIt").token).toBe(sampleContext.tokens.ada);
  expect(tabOf("SeeItAsBen").token).toBe(sampleContext.tokens.ben);
  for (const { query, token } of tabs) {
    const user =
      { "token-of-ada": "As Ada", "token-of-ben": "As Ben" }[token ?? ""] ?? "Without a token";
    expect(query).toMatch(new RegExp(`^# ${user}:`));
  }
});

test("the tabs for editing and publishing use different narrations, so that no version gets stale", () => {
  const edited = tabOf("EditOneSentence").variables["narrationId"];
  const published = tabOf("PublishIt").variables["narrationId"];

  expect(edited).not.toBe(published);
  expect(tabOf("SeeItAsBen").variables["narrationId"]).toBe(published);
});

test("the player starts with the sound and captions of a narration of Ada", () => {
  const heard = tabs.filter(({ isHeardFirst }) => isHeardFirst);

  expect(heard).toEqual([tabOf("HearIt")]);
  expect(heard[0]?.query).toMatch(/audio \{[^}]*\burl\(.*\bcaptionsUrl\b/s);
  expect(heard[0]?.token).toBe(sampleContext.tokens.ada);
});

test("every operation with a version returns the next version, so that a tab can run twice", () => {
  const changes = tabs.flatMap(({ query }) =>
    operationsOf(query)
      .map(print)
      .filter((text) => text.includes("$version")),
  );

  expect(changes.length).toBeGreaterThan(4);
  for (const change of changes) expect(change).toMatch(/\{\s+id\s+version\s/);
});

test("two tabs render different narrations, and each version gets a new rate", () => {
  const at = (version: number) => {
    const narrationToRender = { id: "narration-3", version };
    const ids = { ...sampleContext.ids, narrationToRender };
    const all = playgroundTabs(examples, { ...sampleContext, ids });
    return all.find(({ query }) => query.includes("WatchIt"))?.variables["rate"];
  };

  const rates = Array.from({ length: 41 }, (_, version) => at(version));

  expect(new Set(rates).size).toBe(41);
  expect(tabOf("WatchIt").variables["narrationId"]).not.toBe(
    tabOf("EditOneSentence").variables["narrationId"],
  );
});

test("without demo data, all examples run without a token or an id", () => {
  const anonymous = playgroundTabs(examples, null);

  expect(anonymous.length).toBeGreaterThan(0);
  expect(anonymous.every(({ token }) => token === null)).toBe(true);
  expect(anonymous.flatMap(({ query }) => query.match(/\$\w*id\b/gi) ?? [])).toEqual([]);
});
