import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import type { ApiApp } from "../../support/api.js";
import type { GraphqlClient } from "./graphql.client.js";

const ERRORS = "userErrors { code message path }";
const EMOTION = `id trainingStatus kind provider sampleCount qualityScore metrics trainingFailure trainedAt revision etaSeconds
  template { key } voice { id displayName kind isAvailable } missing { speechSeconds neutralSample }`;

const TRAIN = `mutation ($input: TrainEmotionVoiceInput!) { trainEmotionVoice(input: $input) {
  voice { id displayName kind isAvailable emotionVoices { id } } emotionVoices { ${EMOTION} } ${ERRORS} } }`;
const DELETE = `mutation ($input: DeleteEmotionVoiceInput!) { deleteEmotionVoice(input: $input) {
  deletedId voice { id emotionVoices { template { key } } } template { key viewerVoice { id } } ${ERRORS} } }`;
const PROGRESS = `subscription ($id: ID!) { voiceTrainingProgress(id: $id) { ${EMOTION} } }`;
const VOICES = `query { voices(first: 100, filter: { kind: [ADAPTED, CLONED] }) { edges { node {
  id displayName isAvailable emotionVoices { ${EMOTION} } } } } }`;

/** An emotion voice as the API describes it. */
export interface ReadEmotionVoice {
  readonly id: string;
  readonly trainingStatus: string;
  readonly revision: number;
  readonly trainingFailure: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly etaSeconds: number | null;
  readonly missing: { readonly speechSeconds: number; readonly neutralSample: boolean };
  readonly template: { readonly key: string };
}
export interface TrainingPayload {
  readonly voice: { readonly id: string; readonly isAvailable: boolean } | null;
  readonly emotionVoices: readonly ReadEmotionVoice[];
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

/** What one person does to train a voice, through the API. */
export function trainer(person: GraphqlClient) {
  return {
    train: async (input: object = {}) =>
      (await person.query(TRAIN, { input })).at("trainEmotionVoice") as TrainingPayload,
    /** Follows a training to its end. Returns all states. */
    follow: async (id: string) =>
      (await person.follow(PROGRESS, { id })).map(
        (event) => event.at("voiceTrainingProgress") as ReadEmotionVoice,
      ),
    remove: async (id: string) =>
      (await person.query(DELETE, { input: { id } })).at("deleteEmotionVoice"),
    voices: async () =>
      (await person.query(VOICES)).list("voices.edges.*.node") as {
        readonly id: string;
        readonly isAvailable: boolean;
        readonly emotionVoices: readonly ReadEmotionVoice[];
      }[],
  };
}

/** Returns the global id of a template. */
export async function templateIdOf(
  { superuser }: Pick<ApiApp, "superuser">,
  key: string,
): Promise<string> {
  const [row] = await superuser<{ id: number }>(
    "SELECT id FROM reference.voice_modulation_templates WHERE modulation_key = $1",
    [key],
  );
  return toGlobalId("VoiceModulationTemplate", row?.id ?? 0);
}
