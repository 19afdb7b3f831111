import { Arg, Ctx, ID, Resolver, Subscription } from "type-graphql";
import {
  EMOTION_VOICE_CHANNEL,
  type EmotionVoiceEntity,
  NO_EMOTION_VOICE,
  TrainingStatus,
} from "../../../instances/index.js";
import { NotFoundError, UnauthenticatedError } from "../../../platform/errors.js";
import type { FabulaContext } from "../../context.js";
import { followUntilOver } from "../../following.js";
import { fromGlobalId } from "../../relay/global-id.js";
import { UserEmotionVoice } from "./emotion-voice.type.js";

@Resolver(() => UserEmotionVoice)
export class VoiceTrainingProgressResolver {
  @Subscription(() => UserEmotionVoice, {
    description:
      "Follows the training of one of the viewer's emotion voices: first the current state, then every change. An emotion voice that needs more speech waits for its training. A training whose consent has ended waits for a new consent: grantVoiceConsent. Completes when the training is READY or FAILED, and after an error with NOT_FOUND when the emotion voice is deleted.",
    subscribe: ({ args, context }: { args: { id: string }; context: FabulaContext }) =>
      followTraining(context, readId(args.id)),
  })
  voiceTrainingProgress(
    @Ctx() context: FabulaContext,
    @Arg("id", () => ID, { description: "The id of one of the viewer's emotion voices." })
    id: string,
  ): Promise<EmotionVoiceEntity> {
    return loadOwnVoice(context, readId(id));
  }
}

/**
 * Follows one emotion voice.
 * @throws UnauthenticatedError or NotFoundError before the first event, so that GraphQL refuses the
 *   subscription
 */
async function followTraining(
  context: FabulaContext,
  id: string,
): Promise<AsyncIterable<EmotionVoiceEntity>> {
  if (!context.owner) {
    throw new UnauthenticatedError("Send a token to follow the training of your own voice.");
  }
  await loadOwnVoice(context, id);
  return followUntilOver({
    news: context.services.notifier.listen(EMOTION_VOICE_CHANNEL, id),
    readState: () => loadOwnVoice(context, id),
    // The beginning of a training changes only the time.
    markOf: ({ trainingStatus, state, updatedAt }) =>
      `${trainingStatus} ${state} ${updatedAt.toISOString()}`,
    isOver: ({ trainingStatus }) =>
      trainingStatus === TrainingStatus.Ready || trainingStatus === TrainingStatus.Failed,
  });
}

async function loadOwnVoice({ instances }: FabulaContext, id: string): Promise<EmotionVoiceEntity> {
  const emotionVoice = await instances?.emotionVoices.byId.load(id);
  if (emotionVoice) return emotionVoice;
  throw new NotFoundError(NO_EMOTION_VOICE, ["id"]);
}

const readId = (id: string): string => fromGlobalId(id, "UserEmotionVoice", ["id"]);
