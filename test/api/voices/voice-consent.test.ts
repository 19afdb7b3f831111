import { CONSENT_STATEMENT, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";

const VIEWER = "viewer { voiceConsent { statementVersion grantedAt expiresAt } }";
const ERRORS = "userErrors { code message path }";
const GRANT = `mutation ($input: GrantVoiceConsentInput!) { grantVoiceConsent(input: $input) {
  voiceConsent { statementVersion } ${VIEWER} ${ERRORS} } }`;
const REVOKE = `mutation ($input: RevokeVoiceConsentInput!) { revokeVoiceConsent(input: $input) {
  keptSamples deletedSamples keptVoices deletedVoices cancelledRenders unpublishedNarrations
  publishedNarrations { title narrationVisibility } ${VIEWER} ${ERRORS} } }`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const consentOf = async (name: string) =>
  (await app.as(name).query(`{ ${VIEWER} }`)).at("viewer.voiceConsent");

test("everyone can read the statement, without a statement in SQL", async () => {
  const read = await app
    .anonymous()
    .query("{ voiceConsentStatement { version text language hash } }");

  expect(read.at("voiceConsentStatement")).toMatchObject({
    version: expect.stringMatching(/^\d{4}-\d{2}$/),
    text: expect.stringContaining("I record only my own voice"),
    language: "en",
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(read.sql.count).toBe(0);
});

test("a person agrees, and only that person sees the consent", async () => {
  const statement = await app.anonymous().query("{ voiceConsentStatement { version hash } }");
  const input = {
    statementVersion: statement.at("voiceConsentStatement.version"),
    statementHash: statement.at("voiceConsentStatement.hash"),
    subject: "SELF",
  };

  const granted = await app.as("ada").query(GRANT, { input });

  expect(granted.at("grantVoiceConsent.userErrors")).toEqual([]);
  expect(granted.at("grantVoiceConsent.viewer.voiceConsent")).toEqual(await consentOf("ada"));
  expect(await consentOf("ada")).toMatchObject({ statementVersion: input.statementVersion });
  await app.as("ben").query(GRANT, { input: { statementVersion: "1" } });
  expect(await consentOf("ben")).toBeNull();
});

test("revoking says what remains, and the consent is gone", async () => {
  const version = (await app.anonymous().query("{ voiceConsentStatement { version } }")).at(
    "voiceConsentStatement.version",
  );
  await app.as("ada").query(GRANT, { input: { statementVersion: version } });
  const [consent] = await app.superuser<{ id: string }>(
    "SELECT id FROM instances.voice_consents WHERE is_live",
  );
  await app.given.voiceSample({ owner: "ada", consentId: consent?.id ?? "" });

  const revoked = await app.as("ada").query(REVOKE, { input: { recordings: "KEEP" } });
  const again = await app.as("ada").query(REVOKE, { input: { recordings: "KEEP" } });

  expect(revoked.at("revokeVoiceConsent")).toEqual({
    keptSamples: 1,
    deletedSamples: 0,
    keptVoices: 0,
    deletedVoices: 0,
    ...{ cancelledRenders: 0, unpublishedNarrations: 0, publishedNarrations: [] },
    viewer: { voiceConsent: null },
    userErrors: [],
  });
  expect(again.at("revokeVoiceConsent")).toMatchObject({
    keptSamples: null,
    ...{ cancelledRenders: 0, unpublishedNarrations: 0, publishedNarrations: [] },
    viewer: null,
    userErrors: [{ code: "NOT_FOUND" }],
  });
});

test("revoking names the narrations that others hear in the voice, and unpublishes them", async () => {
  const statementVersion = CONSENT_STATEMENT.version;
  await app.as("ada").query(GRANT, { input: { statementVersion } });
  const subject = subjectOf("ada");
  const narratorVoice = await givenPersonalVoice(app, subject);
  const told = await app.given.narration({ owner: "ada", narratorVoice, title: "Floods" });
  await app.superuser("UPDATE instances.user_story_narrations SET audio_blob_key = 'shared/1'");
  await app.services.publishing.publish(ownerOf(subject), told, "public");

  const kept = await app.as("ada").query(REVOKE, { input: { recordings: "KEEP" } });
  const unpublished = await app
    .as("ada")
    .query(REVOKE, { input: { recordings: "KEEP", unpublish: true } });

  expect(kept.at("revokeVoiceConsent")).toMatchObject({
    publishedNarrations: [{ title: "Floods", narrationVisibility: "PUBLIC" }],
    unpublishedNarrations: 0,
  });
  expect(unpublished.at("revokeVoiceConsent")).toMatchObject({
    publishedNarrations: [{ title: "Floods", narrationVisibility: "PRIVATE" }],
    unpublishedNarrations: 1,
    userErrors: [],
  });
});

test("a user's consent is null for others, even if they have a consent", async () => {
  const version = (await app.anonymous().query("{ voiceConsentStatement { version } }")).at(
    "voiceConsentStatement.version",
  );
  for (const name of ["ada", "ben"])
    await app.as(name).query(GRANT, { input: { statementVersion: version } });
  const id = (await app.as("ada").query("{ viewer { id } }")).at("viewer.id");
  const document =
    "query ($id: ID!) { node(id: $id) { ... on User { voiceConsent { grantedAt } } } }";

  const asBen = await app.as("ben").query(document, { id });
  const asAda = await app.as("ada").query(document, { id });

  expect(asBen.at("node")).toEqual({ voiceConsent: null });
  expect(asAda.at("node.voiceConsent.grantedAt")).toEqual(expect.any(String));
});

test("an expired consent is null", async () => {
  const version = (await app.anonymous().query("{ voiceConsentStatement { version } }")).at(
    "voiceConsentStatement.version",
  );
  await app.as("ada").query(GRANT, { input: { statementVersion: version } });
  await app.superuser("UPDATE instances.voice_consents SET expires_at = now()");

  expect(await consentOf("ada")).toBeNull();
});

test.each([
  [{ statementVersion: "2020-01" }, "CONFLICT", "is at version"],
  [{ statementVersion: "", subject: "SELF" }, "CONFLICT", "is at version"],
  [{ statementVersion: "2020-01", subject: "MINOR" }, "BAD_USER_INPUT", "does not record children"],
  [{ statementVersion: "2020-01", subject: "OTHER_ADULT" }, "BAD_USER_INPUT", "Only the person"],
])("agreeing with %j is refused", async (input, code, words) => {
  const refused = await app.as("ada").query(GRANT, { input });

  expect(refused.at("grantVoiceConsent")).toMatchObject({
    voiceConsent: null,
    viewer: null,
    userErrors: [{ code, message: expect.stringContaining(words) }],
  });
});
