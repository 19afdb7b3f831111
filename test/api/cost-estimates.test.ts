import fc from "fast-check";
import { getNamedType, isCompositeType, isObjectType } from "graphql";
import { FIELD_COSTS } from "../../src/graphql/cost/weights.js";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../src/graphql/schema.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { BRIDGE, ORCHARD } from "../support/texts.js";
import { grow } from "./bulk.js";
import { NARRATION_PROGRESS, RENDER_NARRATION } from "./documents.js";
import { generatedQueries } from "./generated-queries.js";

let app: ApiApp;
let ids: readonly string[];
beforeAll(async () => {
  app = await apiApp({ worker: true });
  ids = await seed();
});
afterAll(() => app.close());

/**
 * Creates rows of every type, more of each type than the generated queries request. Returns the global
 * ids of the rows.
 */
async function seed(): Promise<string[]> {
  const { given } = app;
  const stories = [
    await given.story({ author: "ada", text: BRIDGE, analyse: true }),
    await given.story({ author: "ada", text: ORCHARD, analyse: true }),
  ];
  const [story] = stories;
  if (!story) throw new Error("There is no story.");
  const narration = await given.narration({ owner: "ada", story });
  await grow(app.testDatabase, {
    storyId: story.id,
    narrationId: narration.id,
    stories: 12,
    narrations: 9,
  });
  const rendered = await given.narration({ owner: "ada", story });
  const shared = await given.narration({ owner: "ben", story, publish: "public" });
  const sample = await given.voiceSample({ owner: "ada" });
  const voice = await given.emotionVoice({ owner: "ada" });
  await render(rendered.id, rendered.version);
  const [author] = await app.superuser<{ id: string }>(
    "SELECT public_id AS id FROM platform.users WHERE display_name = 'Ada'",
  );
  return [
    ...stories.map(({ id }) => toGlobalId("ReferenceStory", id)),
    ...[narration, rendered, shared].map(({ id }) => toGlobalId("UserStoryNarration", id)),
    toGlobalId("StoryAnalysis", narration.analysisId ?? 0),
    toGlobalId("VoiceModulationTemplate", sample.templateId),
    toGlobalId("UserVoiceSample", sample.id),
    toGlobalId("UserEmotionVoice", voice.id),
    toGlobalId("User", author?.id ?? ""),
  ];
}

async function render(id: string, version: number): Promise<void> {
  const globalId = toGlobalId("UserStoryNarration", id);
  await app.as("ada").query(RENDER_NARRATION, { input: { id: globalId, version } });
  const last = (await app.as("ada").follow(NARRATION_PROGRESS, { id: globalId })).at(-1);
  if (last?.at("narrationProgress.status") !== "READY") throw new Error("Nothing was rendered.");
}

/** Counts the objects of an answer. The answer itself counts as one object. */
const objectsIn = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, part) => sum + objectsIn(part), 0);
  return Array.isArray(value) ? inner : inner + 1;
};

test("the estimate covers the objects and the rows of every generated query", async () => {
  const schema = buildFabulaSchema();
  // Leave out sampleUrl: speaking a sample takes a second of CPU and reads only one row.
  const queries = generatedQueries({ schema, ids, without: new Set(["Voice.sampleUrl"]) });
  const met = new Set<string>();
  let answered = 0;

  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const answer = await app.as("ada").query(query);
      const refused = answer.errors.filter(
        ({ extensions }) => extensions["code"] !== "BAD_USER_INPUT",
      );
      if (answer.code === "QUERY_TOO_COSTLY") {
        expect(answer.sql.statements).toEqual([]);
        return;
      }
      expect(refused).toEqual([]);
      answered += 1;
      const rows = answer.sql.statements.reduce((sum, statement) => sum + statement.rows, 0);
      expect(answer.cost.requested).toBeGreaterThanOrEqual(objectsIn(answer.data));
      expect(answer.cost.requested).toBeGreaterThanOrEqual(rows);
      for (const [name] of query.matchAll(/\w+/g)) met.add(name);
    }),
    { numRuns: 400, seed: 11 },
  );

  expect(answered).toBeGreaterThan(200);
  const costly = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !/^__|Payload$|^(Mutation|Subscription|VoicePreview)$/.test(name))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(
          ({ name, type: fieldType }) =>
            isCompositeType(getNamedType(fieldType)) || `${type.name}.${name}` in FIELD_COSTS,
        )
        .map(({ name }) => name),
    );
  expect([...new Set(costly)].filter((name) => !met.has(name))).toEqual(["sampleUrl"]);
}, 120_000);
