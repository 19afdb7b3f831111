import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { CONSENT_STATEMENT } from "../../../src/instances/index.js";
import type { ApiApp } from "../../support/api.js";

export type Fields = Readonly<Record<string, unknown>>;

export interface Outcome {
  readonly errors: readonly { readonly code: string; readonly path: readonly string[] }[];
  /** What can be compared: without ids and times. */
  readonly state: Fields;
}

/** Sends an input with these fields to objects of its own. undefined leaves a field out. */
type Send = (fields: Fields) => Promise<Outcome>;

const DETAILS =
  "summary genre mood tags authorName copyrightNotice coverImageUrl category ageRating language license title content";

const WHOLE: Fields = {
  ...{ title: "The Low River", content: "One.", summary: "S.", genre: "G", mood: "M", tags: ["t"] },
  ...{ authorName: "A", copyrightNotice: "C", coverImageUrl: "https://a.test/b.png" },
};

const NARRATION = `narration { title
  cast { characterName isAutomatic }
  voiceModifications { rate pitch range gain pauses emotions { emotion ofEmotion: rate ofEmotionToo: pitch } characters { ofCharacter: gain } lexicon { word } } }`;

const PROSODY = { rate: 0.9, pitch: 1, range: 1.1, gain: 2, pauses: 1.2 };

const SEGMENT = `segments(first: 1) { nodes {
  text kind isEdited speaker { name } voice { id } modification { rate } emotion { label intensity } pauseAfterMs } }`;

const STORIES = `query ($filter: StoryFilter) { stories(filter: $filter) { nodes { title } } }`;

const VOICES = `query ($filter: VoiceFilter) { voices(filter: $filter, first: 100) { nodes { displayName } } }`;

/** For every input type with a field that may be null, a way to send it as Ada. */
export class NullProbes {
  constructor(private readonly app: ApiApp) {}

  readonly byInput: Readonly<Record<string, Send>> = {
    CreateStoryInput: this.sendStory("createStory", { title: "T", content: "One." }),
    ImportStoryInput: this.sendStory("importStory", {
      fileName: "a.txt",
      dataBase64: Buffer.from("One line of a story.").toString("base64"),
    }),
    UpdateStoryInput: async (fields) => {
      const made = await this.mutate("createStory", WHOLE, "story { id version }");
      const at = made.state["story"] as Fields;
      return this.sendStory("updateStory", at)(fields);
    },
    DeleteStoryInput: async (fields) => {
      const { id, version } = await this.app.given.story({ author: "ada" });
      const at = { id: toGlobalId("ReferenceStory", id), version };
      return this.mutate("deleteStory", { ...at, ...fields }, "story { title }");
    },
    ReanalyzeStoryInput: async (fields) =>
      this.mutate(
        "reanalyzeStory",
        { id: await this.storyId(), ...fields },
        "story { analysisStatus }",
      ),
    UpdateProfileInput: (fields) =>
      this.mutate("updateProfile", fields, "viewer { displayName preferredLanguage }"),
    CreateNarrationInput: async (fields) =>
      this.mutate("createNarration", { storyId: await this.storyId(), ...fields }, NARRATION),
    ForkNarrationInput: async (fields) => {
      const { id } = await this.app.given.narration({
        owner: "ben",
        title: "His",
        publish: "public",
      });
      const forked = { id: toGlobalId("UserStoryNarration", id), ...fields };
      return this.mutate("forkNarration", forked, NARRATION);
    },
    UpdateNarrationInput: (fields) => this.changeNarration(() => fields),
    CastChoiceInput: (fields) =>
      this.changeNarration(({ character }) => ({ cast: [{ characterId: character, ...fields }] })),
    VoiceModificationsInput: (fields) =>
      this.changeNarration(() => ({ voiceModifications: { ...PROSODY, ...fields } })),
    EmotionModificationInput: (fields) =>
      this.changeNarration(() => ({
        voiceModifications: { emotions: [{ emotion: "joy", ...fields }] },
      })),
    CharacterModificationInput: (fields) =>
      this.changeNarration(({ character }) => ({
        voiceModifications: { characters: [{ characterId: character, ...fields }] },
      })),
    VoiceModificationsChangeInput: (fields) => this.changeNarration(() => ({ modify: fields })),
    SegmentEditInput: (fields) => this.editSegment(fields),
    InsertNarrationSegmentsInput: (fields) =>
      this.insertSegment({ segments: [{ text: "New." }], ...fields }),
    NewNarrationSegmentInput: (fields) =>
      this.insertSegment({ segments: [{ text: "New.", ...fields }] }),
    ProsodyInput: (modification) => this.preview({ modification }),
    PreviewVoiceInput: (fields) => this.preview(fields),
    RenderNarrationInput: async (fields) => {
      const { id, version } = await this.app.given.narration({ owner: "ada" });
      const at = { id: toGlobalId("UserStoryNarration", id), version };
      return this.mutate("renderNarration", { ...at, ...fields }, "narration { status }");
    },
    RebaseNarrationInput: async (fields) => {
      const { id, version } = await this.app.given.narration({ owner: "ada" });
      const at = { id: toGlobalId("UserStoryNarration", id), version };
      return this.mutate("rebaseNarration", { ...at, ...fields }, "narration { version }");
    },
    SaveListeningPositionInput: (fields) => this.listen(fields),
    GrantVoiceConsentInput: (fields) =>
      this.mutate(
        "grantVoiceConsent",
        { statementVersion: CONSENT_STATEMENT.version, ...fields },
        "voiceConsent { statementVersion }",
      ),
    AddVoiceSampleInput: async (fields) => {
      const template = toGlobalId(
        "VoiceModulationTemplate",
        await this.app.given.neutralTemplateId(),
      );
      const ids = { templateId: template, uploadId: toGlobalId("Upload", "7999000000") };
      return this.mutate("addVoiceSample", { ...ids, ...fields }, "template { key }");
    },
    TrainEmotionVoiceInput: (fields) =>
      this.mutate("trainEmotionVoice", fields, "voice { displayName }"),
    StoryFilter: (fields) => this.listStories(fields),
    StoryLength: (length) => this.listStories({ length: { min: 0, ...length } }),
    VoiceFilter: (filter) => this.read(VOICES, { filter }),
    NarrationSegmentFilter: (fields) => this.listSegments(fields),
  };

  /** Runs a mutation as Ada. */
  private async mutate(mutation: string, input: Fields, selection: string): Promise<Outcome> {
    const type = `${mutation.slice(0, 1).toUpperCase()}${mutation.slice(1)}Input`;
    const answer = await this.app
      .as("ada")
      .query(
        `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { code path } } }`,
        { input },
      );
    expect(answer.errors).toEqual([]);
    const { userErrors, ...state } = answer.at(mutation) as Fields;
    return { errors: userErrors as Outcome["errors"], state };
  }

  /** Reads a list as Ada. */
  private async read(document: string, variables: Fields): Promise<Outcome> {
    const answer = await this.app.as("ada").query(document, variables);
    expect(answer.errors).toEqual([]);
    return { errors: [], state: answer.data as Fields };
  }

  private async storyId(): Promise<string> {
    return toGlobalId(
      "ReferenceStory",
      (await this.app.given.story({ author: "ada", analyse: true })).id,
    );
  }

  private sendStory(mutation: string, base: Fields): Send {
    return (fields) => this.mutate(mutation, { ...base, ...fields }, `story { ${DETAILS} }`);
  }

  /** Makes a narration of Ada with a title, modifications and a chosen voice, and changes it. */
  private async changeNarration(changes: (ids: { character: string }) => Fields): Promise<Outcome> {
    const { id, version, analysisId, voiceCast } = await this.app.given.narration({
      owner: "ada",
      title: "Mine",
      voiceModifications: { ...PROSODY, emotions: [{ emotion: "joy", rate: 1.1 }] },
    });
    const at = { id: toGlobalId("UserStoryNarration", id), version };
    const raw = `${analysisId}.${voiceCast[0]?.characterId ?? ""}`;
    const character = toGlobalId("StoryCharacter", raw);
    return this.mutate("updateNarration", { ...at, ...changes({ character }) }, NARRATION);
  }

  /** Edits a segment that has everything of its own. */
  private async editSegment(fields: Fields): Promise<Outcome> {
    const { id, version, analysisId, voiceCast } = await this.app.given.narration({ owner: "ada" });
    const at = { id: toGlobalId("UserStoryNarration", id), version };
    const raw = `${analysisId}.${voiceCast[0]?.characterId ?? ""}`;
    const own = {
      ...{ index: 0, speakerId: toGlobalId("StoryCharacter", raw), pauseAfterMs: 100 },
      ...{ voice: toGlobalId("Voice", "flite:rms"), prosody: { rate: 0.9 }, text: "Mine." },
    };
    await this.mutate("updateNarrationSegments", { ...at, edits: [own] }, "narration { id }");
    const edit = { index: 0, intensity: 0.4, ...fields };
    const input = { ...at, version: version + 1, edits: [edit] };
    return this.mutate("updateNarrationSegments", input, `narration { ${SEGMENT} }`);
  }

  private async insertSegment(fields: Fields): Promise<Outcome> {
    const { id, version } = await this.app.given.narration({ owner: "ada" });
    const at = { id: toGlobalId("UserStoryNarration", id), version };
    return this.mutate("insertNarrationSegments", { ...at, ...fields }, `narration { ${SEGMENT} }`);
  }

  private preview(fields: Fields): Promise<Outcome> {
    return this.mutate(
      "previewVoice",
      { voice: toGlobalId("Voice", "flite:slt"), text: "Hello.", ...fields },
      "preview { durationMs }",
    );
  }

  private async listStories(filter: Fields): Promise<Outcome> {
    await this.app.given.story({ publish: true, language: "de", genre: "G" });
    return this.read(STORIES, { filter });
  }

  private async listSegments(filter: Fields): Promise<Outcome> {
    const { id } = await this.app.given.narration({ owner: "ada" });
    return this.read(
      `query ($id: ID!, $filter: NarrationSegmentFilter) { narration(by: { id: $id }) {
       segments(filter: $filter, first: 100) { nodes { text } } } }`,
      { id: toGlobalId("UserStoryNarration", id), filter },
    );
  }

  private async listen(fields: Fields): Promise<Outcome> {
    const { id, analysisId, referenceStoryId } = await this.app.given.narration({ owner: "ada" });
    const input = {
      storyId: toGlobalId("ReferenceStory", referenceStoryId),
      segmentId: toGlobalId("NarrationSegment", `${id}.1`),
      ...fields,
    };
    expect(analysisId).not.toBeNull();
    return this.mutate("saveListeningPosition", input, "listeningPosition { isFinished offsetMs }");
  }
}
