import "reflect-metadata";
import { type GraphQLSchema, isInputObjectType } from "graphql";
import { type PubSub, buildSchemaSync } from "type-graphql";
import { callMethodsDirectly } from "./direct-resolvers.js";
import { describeNulls } from "./input-nulls.js";
import { guardInputText } from "./input-text.js";
import {
  CastMemberResolver,
  CharacterModificationResolver,
  UserStoryNarrationResolver,
} from "../instances/narration/narration.resolver.js";
import {
  FailedNarrationResolver,
  NarrationFailureResolver,
} from "../instances/rendering/narration-failure.resolver.js";
import {
  ListeningPositionResolver,
  NarrationListeningResolver,
  NarrationPlaceResolver,
  StoryListeningResolver,
  UserListeningResolver,
} from "../instances/listening/listening.resolver.js";
import { ListeningMutationResolver } from "../instances/listening/listening-mutation.resolver.js";
import {
  ForkedNarrationResolver,
  ForkingMutationResolver,
  NarrationLineageResolver,
  ReplacedVoiceResolver,
} from "../instances/narration/forking/forking.resolver.js";
import { NarrationMutationResolver } from "../instances/narration/narration-mutation.resolver.js";
import { ScriptShapeResolver } from "../instances/narration/script/script-shape.resolver.js";
import { NarrationSegmentResolver } from "../instances/narration/script/narration-segment.resolver.js";
import {
  RebasingResolver,
  UnplacedEditResolver,
  UnplacedEditsResolver,
} from "../instances/narration/rebasing/rebasing.resolver.js";
import { RenderingProgressResolver } from "../instances/rendering/rendering-progress.resolver.js";
import {
  AudioOfNarrationResolver,
  NarrationAudioResolver,
} from "../instances/rendering/narration-audio.resolver.js";
import { NarrationRenderingResolver } from "../instances/rendering/rendering.resolver.js";
import {
  StoryNarrationsResolver,
  UserNarrationsResolver,
} from "../instances/narration/story-narrations.resolver.js";
import { EmotionVoiceMutationResolver } from "../instances/voice/emotion-voice-mutation.resolver.js";
import {
  UserEmotionVoiceResolver,
  VoiceEmotionsResolver,
} from "../instances/voice/emotion-voice.resolver.js";
import { TemplateProsodyResolver } from "../instances/voice/template-prosody.resolver.js";
import { TemplateInstancesResolver } from "../instances/voice/viewer-voices.resolver.js";
import { VoiceTrainingProgressResolver } from "../instances/voice/voice-training-progress.resolver.js";
import { VoiceSampleMutationResolver } from "../instances/voice/voice-sample-mutation.resolver.js";
import { VoiceSampleProgressResolver } from "../instances/voice/voice-sample-progress.resolver.js";
import {
  TemplateSpeechResolver,
  UserVoiceSampleResolver,
} from "../instances/voice/voice-sample.resolver.js";
import {
  ConsentMutationResolver,
  ConsentStatementResolver,
  ViewerConsentResolver,
} from "../instances/voice/consent.resolver.js";
import { UploadMutationResolver, UploadResolver } from "../instances/upload/upload.resolver.js";
import { addQueryToPayloads } from "./payload-query.js";
import { NodeResolver } from "../relay/node.resolver.js";
import { AnalysisProgressResolver } from "../reference/analysis/analysis-progress.resolver.js";
import {
  StoryAnalysisResolver,
  StoryCharacterResolver,
  StorySegmentResolver,
} from "../reference/analysis/analysis.resolver.js";
import { StoryApparatusResolver } from "../reference/analysis/apparatus.resolver.js";
import { ReanalysisResolver } from "../reference/story/reanalysis.resolver.js";
import { StoryDeletionResolver } from "../instances/story-deletion/story-deletion.resolver.js";
import { StoryMutationResolver } from "../reference/story/story-mutation.resolver.js";
import { ReferenceStoryResolver } from "../reference/story/story.resolver.js";
import { ProfileMutationResolver } from "../reference/user/profile-mutation.resolver.js";
import { UserResolver } from "../reference/user/user.resolver.js";
import {
  StoryTemplatesResolver,
  VoiceModulationTemplateEdgeResolver,
  VoiceModulationTemplateResolver,
} from "../reference/voice-modulation/voice-modulation.resolver.js";
import { VoiceResolver } from "../reference/voice/voice.resolver.js";
import { UserVoicesResolver, VoicesResolver } from "../instances/voice/voices.resolver.js";

const ONE_OF_INPUTS = new Set(["StoryByInput", "NarrationByInput"]);

const ROOT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  Query:
    "The data you can read. Anyone may read public data. With a token you also read your own data.",
  Mutation: "The changes you can make. Every mutation needs a token.",
  Subscription: "The events you can follow. Every subscription first sends the current state.",
};

/** type-graphql demands a PubSub, but every subscription here has its own source of events. */
const NO_PUB_SUB: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error(
      "Every subscription must have its own source of events; add `subscribe` to it.",
    );
  },
};

const RESOLVERS = [
  NodeResolver,
  ReferenceStoryResolver,
  ReanalysisResolver,
  StoryDeletionResolver,
  StoryMutationResolver,
  StoryAnalysisResolver,
  StoryCharacterResolver,
  StorySegmentResolver,
  StoryApparatusResolver,
  AnalysisProgressResolver,
  VoiceModulationTemplateResolver,
  StoryTemplatesResolver,
  VoiceModulationTemplateEdgeResolver,
  VoiceResolver,
  VoicesResolver,
  UserVoicesResolver,
  UserResolver,
  ProfileMutationResolver,
  StoryNarrationsResolver,
  UserNarrationsResolver,
  UserStoryNarrationResolver,
  CastMemberResolver,
  CharacterModificationResolver,
  NarrationSegmentResolver,
  FailedNarrationResolver,
  NarrationFailureResolver,
  NarrationMutationResolver,
  ForkedNarrationResolver,
  ForkingMutationResolver,
  NarrationLineageResolver,
  ReplacedVoiceResolver,
  ScriptShapeResolver,
  RebasingResolver,
  UnplacedEditsResolver,
  UnplacedEditResolver,
  NarrationRenderingResolver,
  AudioOfNarrationResolver,
  NarrationAudioResolver,
  RenderingProgressResolver,
  TemplateInstancesResolver,
  TemplateProsodyResolver,
  TemplateSpeechResolver,
  UserVoiceSampleResolver,
  VoiceSampleMutationResolver,
  VoiceSampleProgressResolver,
  UserEmotionVoiceResolver,
  VoiceEmotionsResolver,
  EmotionVoiceMutationResolver,
  VoiceTrainingProgressResolver,
  ConsentStatementResolver,
  ViewerConsentResolver,
  ConsentMutationResolver,
  ListeningPositionResolver,
  StoryListeningResolver,
  UserListeningResolver,
  NarrationListeningResolver,
  NarrationPlaceResolver,
  ListeningMutationResolver,
  UploadResolver,
  UploadMutationResolver,
] as const;

/** Builds the schema with its resolvers. The resolvers need a FabulaContext. */
export function buildFabulaSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: RESOLVERS,
    validate: false,
    // The check is an introspection, which costs a fifth of the build. Apollo Server checks the schema too.
    skipCheck: true,
    pubSub: NO_PUB_SUB,
  });
  for (const type of Object.values(schema.getTypeMap())) {
    // type-graphql cannot declare @oneOf. graphql-js prints and enforces oneOf if this flag is set.
    if (isInputObjectType(type)) type.isOneOf = ONE_OF_INPUTS.has(type.name);
    const description = ROOT_DESCRIPTIONS[type.name];
    if (description) type.description = description;
  }
  describeNulls(schema);
  addQueryToPayloads(schema);
  callMethodsDirectly(schema);
  guardInputText(schema);
  return schema;
}
