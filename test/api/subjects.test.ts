import {
  type GraphQLNamedType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../src/graphql/schema/schema.js";
import { apiApp, subjectOf } from "../support/api.js";

const schema = buildFabulaSchema();

/** Returns a selection of every field without required arguments, `levels` levels deep. */
function everyFieldOf(type: GraphQLNamedType | undefined, levels: number): string {
  if (!isObjectType(type)) return "";
  const askable = Object.values(type.getFields()).filter(
    ({ args }) => !args.some(isRequiredArgument),
  );
  const fields = askable.map(({ name, type: given }) => {
    const inner = getNamedType(given);
    if (isLeafType(inner)) return name;
    const selection = levels > 1 ? everyFieldOf(inner, levels - 1) : "";
    return selection && `${name} ${selection}`;
  });
  return fields.some(Boolean) ? `{ ${fields.filter(Boolean).join(" ")} }` : "";
}

test("no field returns a users.id or an e-mail address, not even the viewer's own", async () => {
  const app = await apiApp();
  const { given } = app;
  const story = await given.story({ author: "cleo", analyse: true });
  const narration = await given.narration({ owner: "ada", story, publish: "public" });
  const sample = await given.voiceSample({ owner: "ada" });
  const voice = await given.emotionVoice({ owner: "ada" });
  const author = await given.user("cleo");
  const viewer = await given.user("ada");
  const nodes = {
    ReferenceStory: story.id,
    StoryAnalysis: narration.analysisId ?? 0,
    VoiceModulationTemplate: sample.templateId,
    UserStoryNarration: narration.id,
    UserVoiceSample: sample.id,
    UserEmotionVoice: voice.id,
    Voice: narration.narratorVoice,
  };
  const ids = Object.entries(nodes).map(
    ([type, raw]) => [type, toGlobalId(type as keyof typeof nodes, raw)] as const,
  );
  const users = [author, viewer].map(
    ({ publicId }) => ["User", toGlobalId("User", publicId)] as const,
  );

  for (const [type, id] of [...ids, ...users]) {
    const selection = everyFieldOf(schema.getType(type), 3);
    const query = `query ($id: ID!) { node(id: $id) { id ... on ${type} ${selection} } }`;
    for (const client of [app.as("ada"), app.as("ben"), app.anonymous()]) {
      const { body, errors } = await client.query(query, { id });

      expect({ type, errors }).toEqual({ type, errors: [] });
      for (const name of ["ada", "ben", "cleo"]) {
        expect(body).not.toContain(subjectOf(name));
        expect(body).not.toContain("@mail.test");
      }
    }
    expect((await app.as("ada").query(query, { id })).at("node")).not.toBeNull();
  }
  await app.close();
});

test("a response that contains a users.id or an e-mail address fails its test file", async () => {
  const app = await apiApp();
  await app.as("ada").query(`{ nonsense_${subjectOf("ada").replaceAll("-", "_")} }`);

  await expect(app.close()).rejects.toThrow("a users.id or an e-mail");
});
