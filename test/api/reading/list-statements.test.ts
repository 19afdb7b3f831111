import { getNamedType, isObjectType } from "graphql";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { BRIDGE, ORCHARD } from "../../support/texts.js";
import { LIST_CASES, type ListParents } from "../harness/list-cases.js";

let app: ApiApp;
let rows: ListParents;
beforeAll(async () => {
  app = await apiApp({ referenceCacheBytes: 0 });
  rows = await twoOfEach();
});
afterAll(() => app.close());

const withSceneBreaks = (text: string): string => text.replaceAll("\n\n", "\n\n* * *\n\n");

/** Creates at least two parents of each type. Each list of Ada has at least two entries. */
async function twoOfEach(): Promise<ListParents> {
  const { given, superuser } = app;
  const stories = [
    await given.story({ author: "ada", text: withSceneBreaks(BRIDGE), analyse: true }),
    await given.story({ author: "ada", text: withSceneBreaks(ORCHARD), analyse: true }),
  ];
  const narrations = [];
  for (const story of [...stories, ...stories]) {
    narrations.push(await given.narration({ owner: "ada", story }));
    await given.narration({ owner: "ben", story, publish: "public" });
    await given.narration({ owner: "ada", story, publish: "public" });
  }
  for (const { id, referenceStoryId } of narrations.slice(0, 2)) {
    await app.services.listening.save(ownerOf(subjectOf("ada")), {
      ...{ storyId: referenceStoryId, narrationId: id, shareTokenHash: null },
      ...{ story: null, line: 1, offsetMs: 0 },
    });
  }
  const templates = await superuser<{ id: number }>(
    `SELECT template_id AS id FROM reference.story_modulation_occurrences
     GROUP BY template_id ORDER BY count(*) DESC, template_id LIMIT 2`,
  );
  for (const { id } of [...templates, ...templates]) {
    await given.voiceSample({ owner: "ada", templateId: id });
    await givenPersonalVoice(app, subjectOf("ada"));
  }
  return {
    storyIds: stories.map(({ id }) => id),
    analysisIds: narrations.slice(0, 2).map(({ analysisId }) => analysisId ?? 0),
    templateIds: templates.map(({ id }) => id),
    narrationIds: narrations.map(({ id }) => id),
    userIds: [(await given.user("ada")).publicId, (await given.user("ben")).publicId],
  };
}

test("render estimates of several narrations cost as many statements as one estimate", async () => {
  const query = `query ($first: Int!) { viewer { list: narrations(first: $first) { edges { node { renderEstimate {
    segmentsToRender seconds cost { micros } unavailableVoices { displayName } } } } } } }`;
  const read = async (first: number) => {
    const answer = await app.as("ada").query(query, { first });
    expect(answer.errors).toEqual([]);
    const estimates = answer.list("viewer.list.edges.*.node.renderEstimate");
    expect(estimates).toHaveLength(first);
    expect(estimates).not.toContain(null);
    return answer.sql.statements.map(({ path }) => path).sort();
  };

  const one = await read(1);
  const several = await read(8);

  expect(several).toEqual(one);
  expect(one.filter((path) => path.endsWith("renderEstimate"))).toHaveLength(7);
});

test("a list of narrations reads their documents with one statement more, and only for their fields", async () => {
  const read = async (fields: string, first = 8) => {
    const query = `query ($first: Int!) { viewer { list: narrations(first: $first) { edges { node {
      id title status ${fields} } } } } }`;
    const answer = await app.as("ada").query(query, { first });
    expect(answer.errors).toEqual([]);
    expect(answer.list("viewer.list.edges")).toHaveLength(first);
    return answer.sql.statements.map(({ path, sql }) => ({
      path,
      documents: ["voice_cast", "voice_modifications", "audio"].filter((name) =>
        new RegExp(`n\\.${name}\\b`).test(sql),
      ),
    }));
  };
  const fields = `cast { characterName } voiceModifications { rate } audio { durationMs }
    segments(first: 2) { edges { node { text voice { displayName } isStale } } }`;

  const listed = await read("");
  const whole = await read(fields);
  const one = await read(fields, 1);

  expect(listed.flatMap(({ documents }) => documents)).toEqual([]);
  expect(whole.filter(({ documents }) => documents.length > 0)).toEqual([
    {
      path: "viewer.list.edges.node.cast",
      documents: ["voice_cast", "voice_modifications", "audio"],
    },
  ]);
  expect(one).toEqual(whole);
});

test("every list of the schema has a test case", () => {
  const lists = Object.values(buildFabulaSchema().getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => getNamedType(field.type).name.endsWith("Connection"))
        .map((field) => `${type.name}.${field.name}`),
    );

  expect(lists.sort()).toEqual(Object.keys(LIST_CASES).sort());
});

/** Returns the path of the first list in the answer to a query of LIST_CASES. */
const listPath = (query: string): string => {
  if (query.includes("nodes(ids:")) return "nodes.0.list";
  return query.includes("viewer {") ? "viewer.list" : "list";
};

describe.each(Object.entries(LIST_CASES))("%s", (_name, { query, parents, statements }) => {
  const read = async (ids: readonly string[], document = query) => {
    const answer = await app.as("ada").query(document, { ids });
    expect(answer.errors).toEqual([]);
    const paths = answer.sql.statements.map(({ path }) => path);
    return { answer, paths: paths.filter((path) => path.includes("list")).sort() };
  };

  test("costs as many statements for one parent as for several", async () => {
    const ids = parents?.(rows) ?? [];

    const one = await read(ids.slice(0, 1));
    const several = await read(ids);

    expect(one.paths).toEqual([...statements].sort());
    expect(several.paths).toEqual(one.paths);
    expect(several.answer.body).toContain('"cursor"');
  });

  test("can be read from either end, with nodes beside edges", async () => {
    const at = listPath(query);
    const readPage = async (paging: string) => {
      const { answer } = await read(parents?.(rows) ?? [], query.replace("first: 2", paging));
      return {
        cursors: answer.list(`${at}.edges.*.cursor`),
        nodes: answer.list(`${at}.nodes`),
        linked: answer.list(`${at}.edges.*.node`),
      };
    };
    const whole = await readPage("first: 100");
    const ends = await readPage("last: 1");
    const [last] = ends.cursors;
    const earlier = await readPage(`last: 1, before: "${String(last)}"`);
    const between = await readPage(
      `before: "${String(last)}", after: "${String(whole.cursors[0])}"`,
    );

    expect(whole.cursors).not.toEqual([]);
    expect(whole.linked).toMatchObject(whole.nodes as object[]);
    expect(whole.nodes).toHaveLength(whole.cursors.length);
    expect([...earlier.cursors, ...ends.cursors]).toEqual(whole.cursors.slice(-2));
    expect(between.cursors).toEqual(whole.cursors.slice(1, -1).slice(0, 20));
  });
});
