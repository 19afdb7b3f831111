import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { AfterRevoking, CONSENT_STATEMENT, ownerOf } from "../../../src/instances/index.js";
import { NOTHING_UNPLACED } from "../../../src/instances/narration/rebasing/unplaced-edit.js";
import { type ApiApp, subjectOf } from "../../support/api.js";
import type { World } from "./world.js";

/** Makes the input of a mutation. `versionOf` returns the current version of an object. */
type MutationInput = (
  world: World,
  versionOf: (id: string) => number,
) => Readonly<Record<string, unknown>>;

export interface MutationCase {
  readonly input: MutationInput;
  /** Changes the world before the mutation. */
  readonly before?: (app: ApiApp) => Promise<unknown>;
}

type Versioned = "publicStory" | "draft" | "privateNarration" | "publicNarration";

const at =
  (which: Versioned, more: object = {}): MutationInput =>
  (world, versionOf) => ({ id: world[which], version: versionOf(world[which]), ...more });

const TEXT = "The boat came.\n\n“Come,” said Marta.";
const lexicon = [{ word: "Marta", saidAs: "Mahta" }];

const ADA = ownerOf(subjectOf("ada"));
const endConsent = ({ services }: ApiApp) => services.consents.revoke(ADA, AfterRevoking.Keep);
const deleteVoices = async ({ superuser }: ApiApp) => {
  await superuser("DELETE FROM instances.user_emotion_voices");
  await superuser("DELETE FROM instances.user_voices");
};

/** Gives Ada's public story another text. */
async function giveText({ superuser, services, analyse }: ApiApp): Promise<void> {
  const [story] = await superuser<{ id: number; version: number }>(
    `SELECT s.id, s.version FROM reference.stories s JOIN instances.user_story_narrations n
       ON n.reference_story_id = s.id WHERE s.original_author_id = $1 LIMIT 1`,
    [subjectOf("ada")],
  );
  if (!story) throw new Error("Ada has no narrated story.");
  await analyse(await services.stories.update(subjectOf("ada"), story, { content: TEXT }));
}
const leaveUnplaced = ({ superuser }: ApiApp) =>
  superuser("UPDATE instances.user_story_narrations SET unplaced_edits = $1", [
    JSON.stringify([{ ...NOTHING_UNPLACED, reason: "text_changed", text: "Mine." }]),
  ]);

/** The inputs of every mutation. Each input changes something, if the mutation changes anything. */
const INPUTS: Readonly<Record<string, readonly (MutationInput | MutationCase)[]>> = {
  updateProfile: [() => ({ displayName: "Zoë", preferredLanguage: "de" })],
  createStory: [() => ({ title: "The boat", content: TEXT })],
  importStory: [() => ({ fileName: "boat.txt", dataBase64: Buffer.from(TEXT).toString("base64") })],
  updateStory: [at("publicStory", { title: "The boat", content: TEXT })],
  publishStory: [at("draft")],
  archiveStory: [at("publicStory")],
  deleteStory: [at("draft"), at("publicStory", { deleteOwnNarrations: true })],
  reanalyzeStory: [({ publicStory }) => ({ id: publicStory, analyzer: "EMBEDDED" })],
  createNarration: [({ publicStory }) => ({ storyId: publicStory })],
  forkNarration: [({ publicNarration }) => ({ id: publicNarration, title: "A copy" })],
  updateNarration: [at("privateNarration", { title: "Mine", voiceModifications: { lexicon } })],
  updateNarrationSegments: [at("privateNarration", { edits: [{ index: 0, text: "Changed." }] })],
  insertNarrationSegments: [at("privateNarration", { segments: [{ text: "A new start." }] })],
  splitNarrationSegment: [at("privateNarration", { index: 0, at: 4 })],
  joinNarrationSegments: [at("privateNarration", { index: 0 })],
  deleteNarrationSegments: [at("privateNarration", { indexes: [0] })],
  rebaseNarration: [{ before: giveText, input: at("privateNarration") }],
  dismissUnplacedEdits: [{ before: leaveUnplaced, input: at("privateNarration") }],
  publishNarration: [at("privateNarration", { visibility: "PUBLIC" })],
  unpublishNarration: [at("publicNarration")],
  deleteNarration: [at("publicNarration")],
  renderNarration: [at("privateNarration")],
  cancelNarration: [({ queuedNarration }) => ({ id: queuedNarration })],
  previewVoice: [() => ({ voice: toGlobalId("Voice", "flite:slt"), text: "Hello." })],
  saveListeningPosition: [
    ({ publicStory: storyId, segment: segmentId }) => ({ storyId, segmentId }),
    ({ publicStory: storyId, segment: segmentId, publicNarration: narrationId }) => ({
      ...{ storyId, segmentId, narrationId, isFinished: true },
    }),
  ],
  grantVoiceConsent: [
    { before: endConsent, input: () => ({ statementVersion: CONSENT_STATEMENT.version }) },
  ],
  revokeVoiceConsent: [
    () => ({ recordings: "KEEP" }),
    () => ({ recordings: "DELETE", unpublish: true }),
  ],
  createUpload: [() => ({ purpose: "STORY_FILE", sizeBytes: 9, contentType: "text/plain" })],
  addVoiceSample: [({ neutral, upload }) => ({ templateId: neutral, uploadId: upload })],
  preferVoiceSample: [({ samples }) => ({ id: samples[1] })],
  adoptVoiceSample: [({ oldSample }) => ({ id: oldSample })],
  deleteVoiceSample: [({ samples }) => ({ id: samples[1] })],
  trainEmotionVoice: [
    ({ neutral }) => ({ templateIds: [neutral] }),
    { before: deleteVoices, input: () => ({ displayName: "New" }) },
  ],
  adoptEmotionVoice: [({ oldEmotionVoice }) => ({ id: oldEmotionVoice })],
  deleteEmotionVoice: [({ oldEmotionVoice }) => ({ id: oldEmotionVoice })],
};

/** The cases of every mutation. */
export const MUTATION_CASES: Readonly<Record<string, readonly MutationCase[]>> = Object.fromEntries(
  Object.entries(INPUTS).map(([name, inputs]) => [
    name,
    inputs.map((input) => (typeof input === "function" ? { input } : input)),
  ]),
);
