import { Arg, Args, Ctx, ID, Query, Resolver, FieldResolver, Root } from "type-graphql";
import type { Page, PageRequest } from "../../platform/database/reading/keyset.js";
import type { FabulaContext } from "../context.js";
import type { BoundList } from "../relay/cursor.js";
import { ForwardArgs, toConnection } from "../relay/pagination.js";
import { toCatalogueVoice } from "./voice.mapper.js";
import { Voice, VoiceConnection, VoiceFilter } from "./voice.type.js";

@Resolver(() => Voice)
export class VoiceResolver {
  @Query(() => VoiceConnection, {
    description:
      "All voices that a narration can use, grouped by speech provider. The preferred voices of each provider come first.",
  })
  voices(
    @Ctx() { services }: FabulaContext,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg("filter", () => VoiceFilter, {
      nullable: true,
      description: "Only voices that match this filter.",
    })
    filter: VoiceFilter | null = null,
  ): Promise<object> {
    const list: BoundList = {
      name: "Query.voices",
      place: { sort: "integer", id: "text" },
      filter: { filter },
    };
    const voices = services.voices.voices.map(toCatalogueVoice).filter(matches(filter ?? {}));
    return toConnection(list, args, {
      load: async (page) => pageOfVoices(voices, page),
      count: async () => voices.length,
    });
  }

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

const matches =
  ({ gender, ageGroup, language, provider, kind }: VoiceFilter) =>
  (voice: Voice): boolean =>
    includes(gender, voice.gender) &&
    includes(ageGroup, voice.ageGroup) &&
    includes(kind, voice.kind) &&
    (!provider || voice.provider === provider) &&
    (!language || voice.languages.includes(language.split("-")[0] ?? language));

const includes = <T>(wanted: readonly T[] | null | undefined, value: T | null): boolean =>
  !wanted?.length || (value !== null && wanted.includes(value));

/**
 * Returns a page of voices. A page is a slice of the array, and the sort value is an index, because the
 * voices of a running process never change.
 */
function pageOfVoices(voices: readonly Voice[], { limit, after }: PageRequest): Page<Voice> {
  const behind = after ? voices.findIndex(({ voiceId }) => voiceId === after.id) + 1 : 0;
  const items = voices.slice(behind, behind + limit).map((node, index) => ({
    node,
    place: { sort: String(behind + index), id: node.voiceId },
  }));
  return {
    items,
    hasNextPage: voices.length > behind + limit,
    hasPreviousPage: behind > 0,
  };
}
