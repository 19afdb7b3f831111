import assert from "node:assert/strict";
import { person } from "./api.client.mjs";

const STORY = "story { id slug version visibility } userErrors { code message }";
const NARRATION = "narration { id version narrationVisibility } userErrors { code message }";
const NARRATION_TEXT = `query ($id: ID!) {
  narration(by: { id: $id }) { title segments(first: 2) { edges { node { text } } } }
}`;
const PROGRESS = `subscription ($id: ID!) {
  storyAnalysisProgress(storyId: $id) { status fraction }
}`;
const mutation = (name, fields) => {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Input!`;
  return `mutation ($input: ${type}) { result: ${name}(input: $input) { ${fields} } }`;
};

const CONTENT = `"Is anyone there?" asked Mara, and she held the lantern higher.

"Only me," the old lighthouse keeper whispered. "Come in out of the rain!"

Mara laughed with joy, and the door slammed shut behind her.`;
const OWN_WORDS = "Is there anyone at all?";

/** Ada writes, publishes and narrates a story. Ben and an anonymous reader read the story. */
export async function playTwoPeople(step, { url, tokens }) {
  const anonymous = person(url);
  const ada = person(url, tokens.ada);
  const ben = person(url, tokens.ben);

  await step("an anonymous reader reads the public stories", () => readShelf(anonymous));
  const story = await step("Ada writes a story and publishes it", () =>
    publishStory(ada, anonymous, CONTENT),
  );
  await step("Ada follows its analysis until it is ready", () => followAnalysis(ada, story));
  await step("a late subscriber gets READY at once", async () => {
    assert.deepEqual(await statuses(anonymous, story), ["READY"]);
  });
  const narration = await step(
    "Ada narrates the story and replaces a sentence with her own words",
    () => narrate(ada, story),
  );
  await step("an old version is a conflict that returns the current version", () =>
    conflict(ada, narration),
  );
  await step(
    "Ben gets byte for byte the same answer for a private narration as for a missing one",
    () => hidden(ben, narration),
  );
  await step("Ada publishes her narration, and Ben reads it", () => publish(ada, ben, narration));
  await step("Ben reads the edition without Ada's later changes", () =>
    keepEdition(ada, ben, narration),
  );
  await step("the nested page reports its SQL statements", () => readNestedPage(ada));
}

/** Publishes a story on a server without an inline worker. Returns after a worker has analysed the story. */
export async function publishForWorker({ url, tokens }) {
  const ada = person(url, tokens.ada);
  const content = `${CONTENT}\n\nThe worker read this, and nobody else.`;
  await followAnalysis(ada, await publishStory(ada, person(url), content));
}

async function readShelf(anonymous) {
  const { stories, viewer } = await anonymous.ask(
    "{ viewer { id } stories(first: 20) { totalCount edges { node { title } } } }",
  );
  assert.equal(viewer, null);
  assert.ok(stories.totalCount >= 5, `only ${stories.totalCount} stories`);
}

async function publishStory(ada, anonymous, content) {
  const created = await ada.change(mutation("createStory", STORY), {
    title: "The Lantern",
    content,
  });
  const { id, version, visibility } = created.story;
  assert.equal(visibility, "DRAFT");
  const lookUp = "query ($id: ID!) { story(by: { id: $id }) { title } }";
  assert.equal(
    (await anonymous.ask(lookUp, { id })).story,
    null,
    "an anonymous reader can see a draft",
  );
  const published = await ada.change(mutation("publishStory", STORY), { id, version });
  assert.equal(published.story.visibility, "PUBLIC");
  assert.equal((await anonymous.ask(lookUp, { id })).story.title, "The Lantern");
  return published.story;
}

async function statuses(someone, { id }) {
  const events = await someone.follow(PROGRESS, { id });
  return events.map(({ data, errors }) => data?.storyAnalysisProgress.status ?? errors[0].message);
}

async function followAnalysis(ada, story) {
  assert.equal((await statuses(ada, story)).at(-1), "READY");
}

async function narrate(ada, { id: storyId }) {
  const input = { storyId, title: "By lantern light" };
  const { narration } = await ada.change(mutation("createNarration", NARRATION), input);
  const edits = [{ index: 0, text: OWN_WORDS }];
  const { id, version } = narration;
  const edit = mutation("updateNarrationSegments", NARRATION);
  const edited = await ada.change(edit, { id, version, edits });
  const { narration: read } = await ada.ask(NARRATION_TEXT, { id });
  assert.equal(read.segments.edges[0].node.text, OWN_WORDS);
  const unknown = await idOfDeleted(ada, storyId);
  return { id, unknown, version: edited.narration.version, staleVersion: version };
}

async function conflict(ada, { id, version, staleVersion }) {
  const edits = [{ index: 0, text: "This never arrives." }];
  const { result } = await ada.ask(mutation("updateNarrationSegments", NARRATION), {
    input: { id, version: staleVersion, edits },
  });
  assert.deepEqual(
    result.userErrors.map(({ code }) => code),
    ["CONFLICT"],
  );
  assert.equal(result.narration.version, version);
}

/** Returns the id of a narration that no longer exists. Nobody can make up an id. */
async function idOfDeleted(ada, storyId) {
  const input = { storyId, title: "Soon gone" };
  const { narration } = await ada.change(mutation("createNarration", NARRATION), input);
  const { id, version } = narration;
  await ada.change(mutation("deleteNarration", NARRATION), { id, version });
  return id;
}

async function hidden(ben, { id, unknown }) {
  const answers = await Promise.all(
    [id, unknown].map((each) => ben.text(NARRATION_TEXT, { id: each })),
  );
  // Remove extensions.sql, which production does not send. Its times, and the order of parallel
  // statements, differ from answer to answer.
  const [about, aboutNothing] = answers.map((text) => text.replace(/,"extensions":.*/s, ""));
  assert.equal(about, aboutNothing);
  assert.match(about, /"narration":null/);
}

async function publish(ada, ben, { id, version }) {
  const input = { id, version, visibility: "PUBLIC" };
  const { narration } = await ada.change(mutation("publishNarration", NARRATION), input);
  assert.equal(narration.narrationVisibility, "PUBLIC");
  await sees(ben, id);
}

async function sees(ben, id) {
  const { narration } = await ben.ask(NARRATION_TEXT, { id });
  assert.equal(narration?.segments.edges[0].node.text, OWN_WORDS);
}

async function keepEdition(ada, ben, { id }) {
  const current = "query ($id: ID!) { narration(by: { id: $id }) { version } }";
  const { version } = (await ada.ask(current, { id })).narration;
  const edits = [{ index: 0, text: "Only Ada reads this." }];
  await ada.change(mutation("updateNarrationSegments", NARRATION), { id, version, edits });
  await sees(ben, id);
}

async function readNestedPage(ada) {
  const { extensions, stories } = await ada.ask(`{ stories(first: 20) { edges { node {
    title analysis { summary characters { name } }
    voiceModulationTemplates(first: 3) { edges { node { key } } }
    userNarrations(first: 3) { edges { node { title segments(first: 2) { edges { node {
      text voice { displayName } } } } } } }
  } } } }`);
  assert.ok(stories.edges.length >= 6);
  assert.ok(extensions.sql.count > 0 && extensions.sql.count <= 12, `${extensions.sql.count}`);
}
