import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import {
  type CastMember as CastMemberRow,
  type DeliveryChange,
  type NarrationDetails,
  type NarrationView,
  type NarrationVisibility,
  type WholeNarration,
  isOutdated,
  readTitle,
  shareTokenHashOf,
  titleOf,
} from "../../../instances/index.js";
import type { AnalysisEntity, StoryEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { isGiven } from "../../given.js";
import { decodeGlobalId, fromGlobalId, toGlobalId } from "../../relay/global-id.js";
import { EMPTY_LISTING, toConnection } from "../../relay/pagination.js";
import { StoryAnalysis, StoryCharacter } from "../../reference/analysis/analysis.type.js";
import {
  type CharacterSource,
  decodeCharacterId,
  findCharacter,
} from "../../reference/analysis/character.mapper.js";
import { ReferenceStory } from "../../reference/story/story.type.js";
import { User, type UserSource } from "../../reference/user/user.type.js";
import { Voice } from "../../reference/voice/voice.type.js";
import { detailsOf, findNarration, findSharedNarration } from "./narration.mapper.js";
import {
  CastMember,
  NarrationByInput,
  NarrationSegmentConnection,
  NarrationSegmentsArgs,
  NarrationVisibilityType,
  UserStoryNarration,
} from "./narration.type.js";
import { readSegmentFilter, segmentListing } from "./script/segment-list.js";
import { toVoice } from "../voice/voice.mapper.js";
import {
  type CharacterModificationSource,
  toVoiceModifications,
} from "./voice-modifications.mapper.js";
import { CharacterModification, Prosody, VoiceModifications } from "./voice-modifications.type.js";

const SPEAKER_PATH = ["filter", "speakerId"];

interface CastMemberSource extends CastMemberRow {
  readonly narration: NarrationView;
  readonly details: NarrationDetails;
}

@Resolver(() => UserStoryNarration)
export class UserStoryNarrationResolver {
  @Query(() => UserStoryNarration, {
    nullable: true,
    description:
      "One narration: the viewer's own narration, a public narration, or an unlisted narration by the secret in its link. null if the narration does not exist or you may not see the narration.",
  })
  async narration(
    @Ctx() context: FabulaContext,
    @Arg("by", () => NarrationByInput, {
      description: "The narration's id, or the secret in its link.",
    })
    { id, shareToken }: NarrationByInput,
  ): Promise<WholeNarration | null> {
    if (!isGiven(id)) return findSharedNarration(context, shareTokenHashOf(shareToken ?? ""));
    const shared = decodeGlobalId(id);
    if (shared?.type === "SharedNarration") return findSharedNarration(context, shared.raw);
    return findNarration(context, fromGlobalId(id, "UserStoryNarration", ["by", "id"]));
  }

  @FieldResolver(() => ID, {
    description:
      "The narration's id. Send the id to `node` to read the narration again. A narration that you opened by its link has another id for you than for its owner: this id works as long as the link, and only for reading.",
  })
  id(@Root() { id, published }: NarrationView): string {
    const hash = published?.shareTokenHash ?? null;
    return hash === null
      ? toGlobalId("UserStoryNarration", id)
      : toGlobalId("SharedNarration", hash);
  }

  @FieldResolver(() => String, {
    description:
      "The narration's title: the title that the owner gave, or else the story's title. “Narration” if the owner gave no title and you may not see the story.",
  })
  title(
    @Root() narration: NarrationView,
    @Ctx() { reference }: FabulaContext,
  ): string | Promise<string> {
    const { storyTitle } = narration;
    return storyTitle === undefined
      ? readTitle(narration, reference)
      : titleOf(narration, storyTitle);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The title that the owner gave; null if the narration uses the story's title. Show `title`; let the owner edit `customTitle`.",
  })
  customTitle(@Root() { title }: NarrationView): string | null {
    return title;
  }

  @FieldResolver(() => NarrationVisibilityType, { description: "Who can find the narration." })
  narrationVisibility(@Root() { visibility }: NarrationView): NarrationVisibility {
    return visibility;
  }

  @FieldResolver(() => User, { description: "The owner of the narration." })
  async narrator(
    @Root() { userId }: NarrationView,
    @Ctx() { users }: FabulaContext,
  ): Promise<UserSource | null> {
    return users.byId.load(userId);
  }

  @FieldResolver(() => ReferenceStory, {
    nullable: true,
    description:
      "The story that the narration tells. The story may be archived. Null if you may not see the story: an earlier platform let people narrate drafts of other authors.",
  })
  referenceStory(
    @Root() { referenceStoryId }: NarrationView,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StoryEntity | null> {
    return reference.stories.byId.load(referenceStoryId);
  }

  @FieldResolver(() => Voice, {
    description:
      "The voice of the narrator. This voice also speaks the characters without a voice in the cast.",
  })
  narratorVoice(
    @Root() narration: NarrationView,
    @Ctx() context: FabulaContext,
  ): Voice | Promise<Voice> {
    const { narratorVoice: id, narratorVoiceName: storedName } = narration;
    return toVoice(context, { id, storedName }, narration);
  }

  @FieldResolver(() => [CastMember], {
    description: "A voice for each character who speaks; empty until the story is analysed.",
  })
  async cast(
    @Root() narration: NarrationView,
    @Ctx() context: FabulaContext,
  ): Promise<readonly CastMemberSource[]> {
    const details = await detailsOf(narration, context);
    return details?.voiceCast.map((member) => ({ ...member, narration, details })) ?? [];
  }

  @FieldResolver(() => VoiceModifications, {
    description: "The changes to the narration's delivery.",
  })
  async voiceModifications(
    @Root() narration: NarrationView,
    @Ctx() context: FabulaContext,
  ): Promise<object> {
    const details = await detailsOf(narration, context);
    return toVoiceModifications(narration, details?.voiceModifications ?? {});
  }

  @FieldResolver(() => NarrationSegmentConnection, {
    description: "The script, in reading order; empty until the story is analysed.",
  })
  segments(
    @Root() narration: NarrationView,
    @Ctx() context: FabulaContext,
    @Args(() => NarrationSegmentsArgs) { filter: wanted, ...args }: NarrationSegmentsArgs,
  ): Promise<object> {
    const { speakerId, ...given } = wanted ?? {};
    const speaker = isGiven(speakerId) ? decodeCharacterId(speakerId, SPEAKER_PATH) : null;
    const filter = readSegmentFilter(given, speaker?.characterId);
    const list: BoundList = {
      name: "UserStoryNarration.segments",
      place: { sort: "integer", id: "integer" },
      filter,
    };
    // A character of another analysis speaks no segment of this script.
    const isElsewhere = speaker !== null && speaker.analysisId !== narration.analysisId;
    return toConnection(
      list,
      args,
      isElsewhere ? EMPTY_LISTING : segmentListing(narration, context, filter),
    );
  }

  @FieldResolver(() => StoryAnalysis, {
    nullable: true,
    description:
      "The analysis that the script was made from, with the text that the story had then. Its `contentHash` differs from the story's while the narration is outdated. null until the story is analysed.",
  })
  async analysis(
    @Root() { analysisId }: NarrationView,
    @Ctx() { reference }: FabulaContext,
  ): Promise<AnalysisEntity | null> {
    return analysisId === null ? null : reference.analyses.byId.load(analysisId);
  }

  @FieldResolver(() => Boolean, {
    description:
      "True if the story's text changed after the narration's script was made. `rebaseNarration` takes up the new text.",
  })
  isOutdated(
    @Root() narration: NarrationView,
    @Ctx() { reference }: FabulaContext,
  ): Promise<boolean> {
    return isOutdated(narration, reference);
  }
}

@Resolver(() => CastMember)
export class CastMemberResolver {
  @FieldResolver(() => ID, {
    description: "The id of this part in the narration, for caches. `node` finds no cast members.",
  })
  id(@Root() { narration, characterId }: CastMemberSource): string {
    return toGlobalId("CastMember", `${narration.id}.${characterId}`);
  }

  @FieldResolver(() => StoryCharacter, {
    nullable: true,
    description: "The character; null if the character's analysis no longer exists.",
  })
  character(
    @Root() { narration, characterId }: CastMemberSource,
    @Ctx() context: FabulaContext,
  ): Promise<CharacterSource | null> {
    return findCharacter(context, narration.analysisId, characterId);
  }

  @FieldResolver(() => Voice, { description: "The voice that speaks the character." })
  voice(
    @Root() { voice: id, voiceName: storedName, narration }: CastMemberSource,
    @Ctx() context: FabulaContext,
  ): Voice | Promise<Voice> {
    return toVoice(context, { id, storedName }, narration);
  }

  @FieldResolver(() => Prosody, {
    nullable: true,
    description: "The changes to the character's delivery; null if the delivery was not changed.",
  })
  modification(@Root() { details, characterId }: CastMemberSource): DeliveryChange | null {
    const { characters } = details.voiceModifications;
    return characters?.find((change) => change.characterId === characterId) ?? null;
  }
}

@Resolver(() => CharacterModification)
export class CharacterModificationResolver {
  @FieldResolver(() => StoryCharacter, {
    nullable: true,
    description:
      "The character whose delivery changes; null if the narration's analysis does not have the character.",
  })
  character(
    @Root() { narration, characterId }: CharacterModificationSource,
    @Ctx() context: FabulaContext,
  ): Promise<CharacterSource | null> {
    return findCharacter(context, narration.analysisId, characterId);
  }
}
