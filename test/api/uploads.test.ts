import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { UploadPurpose, ownerOf } from "../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";

const READ = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Upload {
  url method headers { name value } uploadStatus sizeBytes maxBytes contentType purpose expiresAt } } }`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

async function uploadsOf(name: string, count: number): Promise<string[]> {
  await app.given.user(name);
  const ids: string[] = [];
  for (let each = 0; each < count; each += 1) {
    const { id } = await app.services.uploads.create(ownerOf(subjectOf(name)), {
      purpose: UploadPurpose.VoiceSample,
      sizeBytes: 4,
      contentType: "audio/wav",
    });
    ids.push(toGlobalId("Upload", id));
  }
  return ids;
}

test("reading several uploads costs as many statements as reading one", async () => {
  const ids = await uploadsOf("ada", 5);

  const one = await app.as("ada").query(READ, { ids: ids.slice(0, 1) });
  const five = await app.as("ada").query(READ, { ids });

  expect(five.list("nodes.*.url").filter((url) => typeof url === "string")).toHaveLength(5);
  // One statement reads the uploads, and one reads the public id of their owner.
  expect([one.sql.count, five.sql.count]).toEqual([2, 2]);
});

test("creating an upload costs as many statements for the twentieth as for the first", async () => {
  const create = async () =>
    (
      await app.as("ada").query(
        `mutation { createUpload(input: { purpose: VOICE_SAMPLE, sizeBytes: 4, contentType: "audio/wav" }) {
          upload { url uploadStatus } userErrors { message } } }`,
      )
    ).sql.count;
  const first = await create();
  await uploadsOf("ada", 18);

  expect(await create()).toBe(first);
});

test("another's upload is null, with the same bytes as an upload that does not exist", async () => {
  const [hers = ""] = await uploadsOf("ada", 1);
  const none = toGlobalId("Upload", "999999999");
  const node = "query ($id: ID!) { node(id: $id) { id ... on Upload { url uploadStatus } } }";

  for (const client of [app.as("ben"), app.anonymous()]) {
    const answers = [
      await client.query(node, { id: hers }),
      await client.query(node, { id: none }),
    ];
    expect(answers.map((answer) => answer.at("node"))).toEqual([null, null]);
    expect(answers.map(({ sql }) => sql.count)[0]).toBe(answers.map(({ sql }) => sql.count)[1]);
  }
  expect((await app.as("ada").query(node, { id: hers })).at("node.uploadStatus")).toBe("AWAITING");
});

test("the bytes of a day are a user error with the code of quotas", async () => {
  const limited = await apiApp({ quotas: { uploadBytesPerDay: 5 } });
  const create = () =>
    limited.as("ada").query(
      `mutation { createUpload(input: { purpose: VOICE_SAMPLE, sizeBytes: 4, contentType: "audio/wav" }) {
        upload { uploadStatus } userErrors { code message } } }`,
    );

  const answers = [await create(), await create()];
  await limited.close();

  expect(answers.map((answer) => answer.at("createUpload"))).toMatchObject([
    { upload: { uploadStatus: "AWAITING" }, userErrors: [] },
    { upload: null, userErrors: [{ code: "QUOTA_EXCEEDED" }] },
  ]);
});
