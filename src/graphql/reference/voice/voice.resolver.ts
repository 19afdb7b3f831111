import { Ctx, FieldResolver, ID, Resolver, Root } from "type-graphql";
import type { FabulaContext } from "../../context.js";
import { Voice } from "./voice.type.js";

@Resolver(() => Voice)
export class VoiceResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The URL of a WAV file with one sentence in this voice. The URL works for at least an hour. null until a worker has made the sample, and if the voice is not available.",
  })
  async sampleUrl(
    @Root() { voiceId, provider }: Voice,
    @Ctx() { services, reference }: FabulaContext,
  ): Promise<string | null> {
    const sample = await services.samples.find(voiceId, reference.renditions);
    if (!sample) return null;
    const fileName = `${provider}-${voiceId.slice(provider.length + 1)}.wav`;
    const file = { key: sample.blobKey, fileName, contentType: "audio/wav", grant: null };
    return services.media.sign(file).url;
  }

  @FieldResolver(() => ID, {
    description: "The voice's id. Send the id in every input that chooses a voice.",
  })
  id(@Root() { id }: Voice): string {
    return id;
  }
}
