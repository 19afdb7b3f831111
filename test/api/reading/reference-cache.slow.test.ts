import { randomInt } from "node:crypto";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { Dice } from "../../graphql/execution/dice.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { BRIDGE, ORCHARD, textNamed } from "../../support/texts.js";
import { UPDATE_STORY } from "../harness/documents.js";
import { type FabulaProcess, endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import type { Answer } from "../harness/answer.js";
import { type Viewer, answersOf, clientOf, variablesOf } from "../harness/reference-answers.js";
import { WRITES } from "../harness/reference-writes.js";

const WRITE_COUNT = 150;
const COUNTS = 150;
const VIEWERS = ["ada", "ben", null] as const;

let database: TestDatabase;
let app: ApiApp;
/** Two servers with the cache. */
let cached: FabulaProcess[];
let fresh: FabulaProcess;

function serverAt(index: number): FabulaProcess {
  const server = cached[index];
  if (!server) throw new Error(`There is no server ${index}.`);
  return server;
}

beforeAll(async () => {
  database = await cloneDatabase();
  app = await apiApp({ database });
  await seed(app);
  const server = (cache: Readonly<Record<string, string>>) =>
    fabulaProcess("main", database, {
      ...{ INLINE_WORKER: "false", COST_BUCKET: "1000000000", COST_PER_SECOND: "1000000" },
      ...cache,
    });
  cached = await Promise.all([server({}), server({})]);
  fresh = await server({ REFERENCE_CACHE_MB: "0" });
});
afterAll(async () => {
  endProcesses();
  await app.close();
  await database.drop();
});

async function seed({ given }: ApiApp): Promise<void> {
  const texts = [BRIDGE, ORCHARD, textNamed("the western light")];
  for (const [index, text] of texts.entries()) {
    const author = index === 1 ? "ben" : "ada";
    const title = `The River ${index}`;
    const story = await given.story({ author, text, title, tags: ["odd"], analyse: true });
    await given.story({ author, text, title: `Again ${index}`, publish: true });
    await given.story({ author, text, title: `Draft ${index}` });
    await given.narration({ owner: "ada", story, title: `Ada's ${index}` });
    await given.narration({ owner: "ben", story, title: `Ben's ${index}`, publish: "public" });
  }
}

/** Reads everything from the servers, and expects the same from each. */
async function compare(after: object): Promise<void> {
  const variables = await variablesOf(database);
  for (const viewer of VIEWERS) {
    const [expected = "", ...answers] = await Promise.all(
      [fresh, ...cached].map((server) => answersOf(server, viewer, variables)),
    );
    for (const answer of answers) {
      const place = firstDifference(answer, expected);
      expect({ after, viewer, answer: near(place, answer) }).toEqual({
        ...{ after, viewer, answer: near(place, expected) },
      });
    }
  }
}

function firstDifference(answer: string, expected: string): number {
  let place = 0;
  while (place < expected.length && answer[place] === expected[place]) place += 1;
  return answer === expected ? -1 : place;
}

/** Returns the text around a place, or nothing without a place. */
const near = (place: number, text: string): string =>
  place < 0 ? "" : text.slice(Math.max(0, place - 300), place + 100);

test("after any writes, every process answers with and without the cache alike", async () => {
  // A failure shows the seed. With the variable SEED, the test makes the same choices again.
  const seed = process.env["SEED"] ?? String(randomInt(1_000_000_000));
  const dice = new Dice(`writes ${seed}`);
  const kinds = Object.keys(WRITES);
  await compare({ seed });

  for (let number = 0; number < WRITE_COUNT; number++) {
    // Every kind comes first once, so that no seed leaves a kind out.
    const kind = kinds[number] ?? dice.pick(kinds);
    const after = { seed, number, kind };
    await WRITES[kind]?.({ ...database, dice, servers: cached, compare: () => compare(after) });
    await compare(after);
  }
});

const COUNTED = `query Counted($story: ID!, $template: ID!) {
  story(by: { id: $story }) { title analysis { summary } }
  stories(first: 3) { edges { node { title } } }
  node(id: $template) { ... on VoiceModulationTemplate { displayName } }
}`;

/** What is counted: the title alone, the title in the list, the summary of the analysis, the template's name. */
const COUNTED_FIELDS = ["title", "listed", "summary", "template"] as const;
type Counts = Readonly<Record<(typeof COUNTED_FIELDS)[number], number>>;

const olderOf = (counts: Counts, least: Counts): string[] =>
  COUNTED_FIELDS.filter((field) => counts[field] < least[field]);

const newestOf = (one: Counts, other: Counts): Counts => ({
  title: Math.max(one.title, other.title),
  listed: Math.max(one.listed, other.listed),
  summary: Math.max(one.summary, other.summary),
  template: Math.max(one.template, other.template),
});

/** Before the first count, a field has a text of its own, maybe with a number that the other test wrote. */
const numberAt = (answer: Answer, place: string): number =>
  Number(/^Count (\d+)$/.exec(answer.text(place))?.[1] ?? 0);

test("no reader of one process sees an older state than a writer of another has reached", async () => {
  const text = textNamed("the counted steps");
  const story = await app.given.story({ author: "ada", title: "Count 0", text, analyse: true });
  const templateId = await app.given.neutralTemplateId();
  const ids = {
    story: toGlobalId("ReferenceStory", story.id),
    template: toGlobalId("VoiceModulationTemplate", templateId),
  };
  let done: Counts = { title: 0, listed: 0, summary: 0, template: 0 };
  const writing = { isDone: false };
  const reads = new Map<FabulaProcess, number>();

  const countTitles = async (): Promise<void> => {
    const ada = clientOf(serverAt(0), "ada");
    let { version } = story;
    for (let count = 1; count <= COUNTS; count++) {
      const input = { id: ids.story, version, title: `Count ${count}` };
      version = (await ada.query(UPDATE_STORY, { input })).number("updateStory.story.version");
      done = { ...done, title: count, listed: count };
    }
  };
  const countRows = async (): Promise<void> => {
    for (let count = 1; count <= COUNTS; count++) {
      await database.superuser(
        `UPDATE reference.story_analyses SET summary = 'Count ${count}' WHERE content_hash = $1`,
        [story.contentHash],
      );
      done = { ...done, summary: count };
      await database.superuser(
        `UPDATE reference.voice_modulation_templates SET display_name = 'Count ${count}' WHERE id = $1`,
        [templateId],
      );
      done = { ...done, template: count };
    }
  };
  const read = async (server: FabulaProcess, viewer: Viewer): Promise<void> => {
    const client = clientOf(server, viewer);
    let least = done;
    while (!writing.isDone) {
      const answer = await client.query(COUNTED, ids);
      const counts: Counts = {
        title: numberAt(answer, "story.title"),
        listed: numberAt(answer, "stories.edges.0.node.title"),
        summary: numberAt(answer, "story.analysis.summary"),
        template: numberAt(answer, "node.displayName"),
      };
      expect({ least, older: olderOf(counts, least) }).toEqual({ least, older: [] });
      least = newestOf(counts, done);
      reads.set(server, (reads.get(server) ?? 0) + 1);
    }
  };
  const writes = Promise.all([countTitles(), countRows()]).finally(() => {
    writing.isDone = true;
  });
  const readers = [serverAt(0), serverAt(1), fresh].flatMap((server) => [
    read(server, "ben"),
    read(server, null),
  ]);
  await Promise.all([writes, ...readers]);

  expect(done).toEqual({ title: COUNTS, listed: COUNTS, summary: COUNTS, template: COUNTS });
  for (const count of reads.values()) expect(count).toBeGreaterThan(COUNTS / 2);
});
