import { Arg, Ctx, ID, Resolver, Subscription } from "type-graphql";
import {
  NO_SAMPLE,
  SAMPLE_CHANNEL,
  SampleStatus,
  type VoiceSampleEntity,
} from "../../../instances/index.js";
import { NotFoundError, UnauthenticatedError } from "../../../platform/errors.js";
import type { FabulaContext } from "../../context.js";
import { followUntilOver } from "../../following.js";
import { fromGlobalId } from "../../relay/global-id.js";
import { UserVoiceSample } from "./voice-sample.type.js";

@Resolver(() => UserVoiceSample)
export class VoiceSampleProgressResolver {
  @Subscription(() => UserVoiceSample, {
    description:
      "Follows the processing of one of the viewer's voice samples: first the current state, then every change. Completes when the voice sample is accepted or rejected, and after an error with NOT_FOUND when the voice sample is deleted.",
    subscribe: ({ args, context }: { args: { id: string }; context: FabulaContext }) =>
      followSample(context, readId(args.id)),
  })
  voiceSampleProgress(
    @Ctx() context: FabulaContext,
    @Arg("id", () => ID, { description: "The id of one of the viewer's voice samples." })
    id: string,
  ): Promise<VoiceSampleEntity> {
    return loadOwnSample(context, readId(id));
  }
}

/**
 * Follows one voice sample.
 * @throws UnauthenticatedError or NotFoundError before the first event, so that GraphQL refuses the
 *   subscription
 */
async function followSample(
  context: FabulaContext,
  id: string,
): Promise<AsyncIterable<VoiceSampleEntity>> {
  if (!context.owner) {
    throw new UnauthenticatedError("Send a token to follow your own voice samples.");
  }
  await loadOwnSample(context, id);
  return followUntilOver({
    news: context.services.notifier.listen(SAMPLE_CHANNEL, id),
    readState: () => loadOwnSample(context, id),
    markOf: ({ processingStatus, state }) => `${processingStatus} ${state}`,
    isOver: ({ processingStatus }) => processingStatus !== SampleStatus.Processing,
  });
}

async function loadOwnSample({ instances }: FabulaContext, id: string): Promise<VoiceSampleEntity> {
  const sample = await instances?.voiceSamples.byId.load(id);
  if (sample) return sample;
  throw new NotFoundError(NO_SAMPLE, ["id"]);
}

const readId = (id: string): string => fromGlobalId(id, "UserVoiceSample", ["id"]);
