import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from "graphql";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../src/graphql/schema/schema.js";
import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";
import { givenPersonalVoice } from "../support/personal-voice.js";
import type { GraphqlClient } from "./harness/graphql.client.js";
import { ID_PLACES, type KnownIds } from "./harness/id-places.js";
import { INSTANCE_FIELDS } from "./harness/instance-cases.js";

const INSTANCE_TYPES =
  /^(Node|(UserStoryNarration|NarrationSegment|UserVoiceSample|UserEmotionVoice|VoiceConsent|RecordedSpeech|Upload|ListeningPosition|NarrationPlace)(Connection|Edge)?)$/;
const READS = Object.entries(INSTANCE_FIELDS).filter(([, { changes }]) => !changes);
const CHANGES = Object.entries(INSTANCE_FIELDS).filter(([, { changes }]) => changes);

/**
 * Fields that are not tested here, because this subscription never ends. rendering.slow.test.ts tests this
 * subscription with two people at the same time.
 */
const ENDLESS = ["Subscription.viewerNarrationProgress"];

/** Fields where even the owner sees only public rows. */
const SHARED = new Set(["ReferenceStory.publicNarrations", "User.publicNarrations"]);

const types = Object.values(buildFabulaSchema().getTypeMap()).filter(
  ({ name }) => !name.startsWith("__"),
);

test("every field that returns an instance has a test case", () => {
  const fields = fieldsOf(types).filter(({ field }) =>
    INSTANCE_TYPES.test(getNamedType(field.type).name),
  );

  expect(fields.map(({ name }) => name).sort()).toEqual(
    [...Object.keys(INSTANCE_FIELDS), ...ENDLESS].sort(),
  );
});

test("every argument and input field that takes an id has a test case", () => {
  const args = fieldsOf(types).flatMap(({ name, field }) =>
    field.args.filter(isId).map((argument) => `${name}(${argument.name})`),
  );
  const inputs = types.filter(isInputObjectType).flatMap((type) =>
    Object.values(type.getFields())
      .filter(isId)
      .map((field) => `${type.name}.${field.name}`),
  );

  expect([...args, ...inputs].sort()).toEqual(Object.keys(ID_PLACES).sort());
});

const isId = ({ type }: Pick<GraphQLArgument, "type">): boolean => getNamedType(type).name === "ID";

function fieldsOf(
  all: readonly GraphQLNamedType[],
): { name: string; field: GraphQLField<unknown, unknown> }[] {
  return all.filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({
      name: `${type.name}.${field.name}`,
      field,
    })),
  );
}

/** Ids that do not exist. The first reads, before Ada has any rows, use these ids. */
const nothingYet = (): Readonly<Record<string, string>> => ({
  UserStoryNarration: toGlobalId("UserStoryNarration", "7999000002"),
  UserVoiceSample: toGlobalId("UserVoiceSample", "7999000001"),
  Upload: toGlobalId("Upload", "7999000003"),
  UserEmotionVoice: toGlobalId("UserEmotionVoice", "7999000004"),
  Voice: toGlobalId("Voice", "flite:own-7999000000000000000000"),
});

/** The id of a private row of Ada, and the id of a row of this type that does not exist. */
interface Pair {
  readonly kind: string;
  readonly hers: string;
  readonly random: string;
}

describe("Ada's private rows", () => {
  let app: ApiApp;
  let known: KnownIds;
  let pairs: Pair[] = [];
  const before = new Map<string, string>();
  let adasRows: string;

  beforeAll(async () => {
    app = await apiApp({ isProduction: true });
    const { given, superuser } = app;
    // Start the ids at a high number, so that `pairOf` can change them to ids of no rows.
    for (const sequence of ["narration_ids", "sample_ids", "voice_ids", "upload_ids"]) {
      await superuser(`SELECT setval('instances.${sequence}', 7000000000)`);
    }
    const story = await given.story({ author: "cleo", analyse: true });
    const own = await given.narration({ owner: "ben", story });
    await given.narration({ owner: "cleo", story, publish: "public" });
    await given.user("ada");
    const analysis = own.analysisId ?? 0;
    known = {
      story: toGlobalId("ReferenceStory", story.id),
      analysis: toGlobalId("StoryAnalysis", analysis),
      ownNarration: toGlobalId("UserStoryNarration", own.id),
      character: toGlobalId("StoryCharacter", `${analysis}.${own.voiceCast[0]?.characterId ?? ""}`),
      voice: toGlobalId("Voice", own.narratorVoice),
      template: toGlobalId("VoiceModulationTemplate", await given.neutralTemplateId()),
      upload: toGlobalId("Upload", "1"),
      segment: toGlobalId("StorySegment", `${analysis}.0`),
    };
    // With a consent, Ben's requests reach the checks that come after the check of the consent.
    await consentOf("ben");
    expect(own.version).toBe(1);
    for (const [name, client] of strangers()) {
      for (const [place] of READS)
        before.set(`${name} ${place}`, await read(client, place, "random"));
    }
    await createPrivateRowsOfAda(story);
    adasRows = await rowsOfAda();
  });
  afterAll(() => app.close());

  const strangers = (): [string, GraphqlClient][] => [
    ["ben", app.as("ben")],
    ["anonymous", app.anonymous()],
  ];

  async function createPrivateRowsOfAda(story: { readonly id: number }): Promise<void> {
    const { given } = app;
    const narration = await given.narration({ owner: "ada", story, title: "Only mine" });
    const unlisted = await given.narration({ owner: "ada", story, publish: "unlisted" });
    const consent = await consentOf("ada");
    const sample = await given.voiceSample({ owner: "ada", consentId: consent.id });
    const voice = await given.emotionVoice({ owner: "ada" });
    await app.superuser(
      `UPDATE instances.user_emotion_voices SET training_status = 'failed', failure = '{"message": "Ada’s"}'`,
    );
    const personalVoice = await givenPersonalVoice(app, subjectOf("ada"), {
      consentId: consent.id,
    });
    const upload = await app.services.uploads.create(ownerOf(subjectOf("ada")), {
      purpose: "voice_sample",
      sizeBytes: 4,
      contentType: "audio/wav",
    });
    await app.services.listening.save(ownerOf(subjectOf("ada")), {
      ...{ storyId: story.id, narrationId: narration.id, shareTokenHash: null },
      ...{ story: null, line: 1, offsetMs: 0 },
    });
    expect(narration.version).toBe(1);
    await app.superuser(
      `UPDATE instances.user_story_narrations SET failure = '{"position": 0}' WHERE id = $1`,
      [narration.id],
    );
    pairs = [
      pairOf("UserStoryNarration", narration.id),
      pairOf("UserStoryNarration", unlisted.id),
      pairOf("NarrationSegment", `${narration.id}.0`),
      pairOf("UserVoiceSample", sample.id),
      pairOf("UserEmotionVoice", voice.id),
      pairOf("Upload", upload.id),
      {
        kind: "Voice",
        hers: toGlobalId("Voice", personalVoice),
        random: toGlobalId("Voice", "flite:own-7999000000000000000000"),
      },
    ];
  }

  const consentOf = (name: string) =>
    app.services.consents.grant(ownerOf(subjectOf(name)), {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });

  const pairOf = (kind: Parameters<typeof toGlobalId>[0], raw: string): Pair => ({
    kind,
    hers: toGlobalId(kind, raw),
    random: toGlobalId(kind, raw.replace(/^7000/, "7999")),
  });

  const idOf = (kind: string, which: "hers" | "random"): string =>
    pairs.find((pair) => pair.kind === kind)?.[which] ?? nothingYet()[kind] ?? "";

  const read = async (client: GraphqlClient, place: string, which: "hers" | "random") => {
    const { document, variables } = INSTANCE_FIELDS[place] ?? {
      document: "",
      variables: () => ({}),
    };
    const ids = {
      ...known,
      privateNarration: idOf("UserStoryNarration", which),
      privateSample: idOf("UserVoiceSample", which),
      privateUpload: idOf("Upload", which),
      privateEmotionVoice: idOf("UserEmotionVoice", which),
      privateVoice: idOf("Voice", which),
    };
    return withoutIds(await sent(client, document, variables(ids)));
  };

  /** Returns every column of every row of Ada. */
  async function rowsOfAda(): Promise<string> {
    const [row] = await app.superuser<{ rows: string }>(
      `SELECT concat_ws(';',
         (SELECT string_agg(n::text, ',' ORDER BY n.id) FROM instances.user_story_narrations n WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(g::text, ',' ORDER BY g.narration_id, g.position) FROM instances.user_narration_segments g WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(e::text, ',' ORDER BY e.narration_id) FROM reference.published_narrations e WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(s::text, ',' ORDER BY s.id) FROM instances.user_voice_samples s WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(v::text, ',' ORDER BY v.id) FROM instances.user_emotion_voices v WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(l::text, ',' ORDER BY l.reference_story_id) FROM instances.listening_positions l WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(p::text, ',' ORDER BY p.id) FROM instances.user_voices p WHERE user_id LIKE '%ada%'),
         (SELECT string_agg(u::text, ',' ORDER BY u.id) FROM instances.user_uploads u WHERE user_id LIKE '%ada%')) AS rows`,
    );
    return row?.rows ?? "";
  }

  test.each(READS)("%s gives others the same answer as before Ada had any rows", async (place) => {
    for (const [name, client] of strangers()) {
      const after = await read(client, place, "hers");

      expect({ name, after }).toEqual({ name, after: before.get(`${name} ${place}`) });
    }
    if (SHARED.has(place)) return;
    // Ada's answer must differ from the earlier answer. Otherwise equal answers for Ben would prove
    // nothing.
    const asAda = await read(app.as("ada"), place, "hers");
    expect(asAda).not.toBe(before.get(`ben ${place}`));
  });

  test.each(CHANGES)(
    "%s gives others the same answer as for an id that does not exist",
    async (place) => {
      for (const [, client] of strangers()) {
        expect(await read(client, place, "hers")).toBe(await read(client, place, "random"));
      }
    },
  );

  test.each(Object.entries(ID_PLACES))(
    "%s gives others the same answer for Ada's ids and for ids that do not exist",
    async (_place, sending) => {
      for (const { kind, hers, random } of pairs) {
        for (const [name, client] of strangers()) {
          const ask = async (id: string) =>
            withoutIds(await sent(client, sending.document, sending.variables(id, known)));

          expect({ kind, name, answer: await ask(hers) }).toEqual({
            kind,
            name,
            answer: await ask(random),
          });
        }
      }
    },
  );

  test("others can open the share link, and no similar token works", async () => {
    const [row] = await app.superuser<{ token: string; hash: string }>(
      `SELECT n.share_token AS token, e.share_token_hash AS hash FROM instances.user_story_narrations n
       JOIN reference.published_narrations e ON e.narration_id = n.id WHERE n.share_token IS NOT NULL`,
    );
    const document = "query Read($t: String!) { narration(by: { shareToken: $t }) { title } }";

    const by = (t: string) => app.anonymous().query(document, { t });

    expect((await by(row?.token ?? "")).at("narration")).not.toBeNull();
    for (const wrong of ["", ",", row?.hash ?? "", `${row?.token ?? ""}a`, "%"]) {
      expect((await by(wrong)).body).toMatch(
        /^\{"data":\{"narration":null\},"extensions":\{"cost":\{[^{}]*\}\}\}$/,
      );
    }
  });

  test("no request of the other tests changed a row of Ada", async () => {
    expect(await rowsOfAda()).toBe(adasRows);
  });
});

async function sent(
  client: GraphqlClient,
  document: string,
  variables: Record<string, unknown>,
): Promise<string> {
  if (!document.startsWith("subscription")) return (await client.query(document, variables)).body;
  return (await client.follow(document, variables)).map(({ body }) => body).join();
}

/** Removes the ids of personal voices, also from messages. Answers have no other ids of instances. */
function withoutIds(body: string): string {
  return (
    body
      .replaceAll(/Vm9pY2U6ZmxpdGU6b3duL[\w-]+/g, "ID")
      .replaceAll(/flite:own-[\w-]{22}/g, "VOICE")
      // The remaining budget changes with time, so two answers may differ in this number.
      .replaceAll(/"remaining":\d+/g, '"remaining":0')
  );
}
