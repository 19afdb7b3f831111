import type { GraphQLServices } from "../graphql/context.js";
import { type GlobalIdType, toGlobalId } from "../graphql/relay/global-id.js";
import type { PlaygroundContext } from "../http/playground/playground.tabs.js";
import { personalVoiceStore } from "../instances/index.js";
import { type StoryEntity, StoryVisibility } from "../reference/index.js";
import { DemoUser } from "./demo-users.js";
import { type SeedNarration, handsOf, narrationTitled, seedNarrations } from "./seed.js";

interface VersionedRow {
  readonly id: string | number;
  readonly version: number;
}

const versioned = (type: GlobalIdType, { id, version }: VersionedRow) => ({
  id: toGlobalId(type, id),
  version,
});

/** Thrown if a story or narration that the examples need was deleted or renamed. */
class DemoDataGoneError extends Error {}

/**
 * Returns the current ids and versions of the demo data. Returns null if a part of the demo data does
 * not exist yet or was deleted.
 */
export async function playgroundContext(
  services: GraphQLServices,
  tokenOf: (user: DemoUser) => Promise<string>,
): Promise<PlaygroundContext | null> {
  try {
    const tokens = { ada: await tokenOf(DemoUser.Ada), ben: await tokenOf(DemoUser.Ben) };
    return { tokens, ids: await demoIds(services) };
  } catch (error) {
    if (error instanceof DemoDataGoneError) return null;
    throw error;
  }
}

async function demoIds(services: GraphQLServices): Promise<PlaygroundContext["ids"]> {
  const [toEdit, toPublish, toRender, toFork, , toRebase] = seedNarrations;
  const [edited, published, own, draft, revised] = await Promise.all([
    storyBySlug(services, toEdit.storySlug),
    storyBySlug(services, toPublish.storySlug),
    storyBySlug(services, toRender.storySlug),
    adasDraft(services),
    storyBySlug(services, toRebase.storySlug),
  ]);
  const ofAda = handsOf(services, DemoUser.Ada);
  const [
    narrationToEdit,
    narrationToPublish,
    narrationToRender,
    narrationToRebase,
    narrationToFork,
  ] = await Promise.all([
    adasNarration(services, edited, toEdit),
    adasNarration(services, published, toPublish),
    narrationTitled(ofAda, own.id, toRender.title),
    narrationTitled(ofAda, revised.id, toRebase.title),
    narrationTitled(handsOf(services, DemoUser.Ben), own.id, toFork.title),
  ]);
  return {
    narratedStory: { id: toGlobalId("ReferenceStory", edited.id), slug: edited.slug },
    storyToNarrate: { id: toGlobalId("ReferenceStory", published.id) },
    draft: versioned("ReferenceStory", draft),
    ownStory: versioned("ReferenceStory", own),
    narrationToEdit: versioned("UserStoryNarration", narrationToEdit),
    segmentToHear: toGlobalId("NarrationSegment", `${narrationToEdit.id}.2`),
    // Demo data of older versions of Fabula has no narrations for these examples. In this case, the examples
    // use the narration to edit.
    narrationToRender: versioned("UserStoryNarration", narrationToRender ?? narrationToEdit),
    narrationToRebase: versioned("UserStoryNarration", narrationToRebase ?? narrationToEdit),
    narrationToFork: toGlobalId("UserStoryNarration", (narrationToFork ?? narrationToEdit).id),
    narrationToPublish: {
      ...versioned("UserStoryNarration", narrationToPublish),
      storySlug: published.slug,
    },
    voice: toGlobalId("Voice", toPublish.narratorVoice),
    ownVoice: await adasOwnVoice(services),
  };
}

/**
 * Returns Ada's first personal voice and its last emotion voice, because the neutral one cannot be deleted
 * before the others. Returns null if Ada has none.
 */
async function adasOwnVoice(
  services: GraphQLServices,
): Promise<PlaygroundContext["ids"]["ownVoice"]> {
  const { owner, instances } = handsOf(services, DemoUser.Ada);
  const [voice] = await services.database.read({ viewer: owner.userId }, (tx) =>
    personalVoiceStore.all(tx, owner, services.clock.now()),
  );
  const trained = voice && (await instances.emotionVoices.ofVoice.load(voice.id));
  const emotionVoice = trained?.latest.at(-1);
  if (!voice || !emotionVoice) return null;
  return {
    id: toGlobalId("Voice", voice.id),
    emotionVoiceId: toGlobalId("UserEmotionVoice", emotionVoice.id),
  };
}

async function storyBySlug(services: GraphQLServices, slug: string): Promise<StoryEntity> {
  return present(await handsOf(services, DemoUser.Ada).reference.stories.bySlug.load(slug));
}

async function adasDraft(services: GraphQLServices): Promise<StoryEntity> {
  const { owner, reference } = handsOf(services, DemoUser.Ada);
  const stories = reference.stories;
  const drafts = await stories.authoredPage({
    authorId: owner.userId,
    visibilities: [StoryVisibility.Draft],
    page: { limit: 1 },
  });
  return drafts.nodes[0] ?? storyBySlug(services, "the-goose-committee");
}

async function adasNarration(
  services: GraphQLServices,
  story: StoryEntity,
  { title }: SeedNarration,
): Promise<VersionedRow> {
  return present(await narrationTitled(handsOf(services, DemoUser.Ada), story.id, title));
}

function present<T>(row: T | null | undefined): T {
  if (row === null || row === undefined) throw new DemoDataGoneError();
  return row;
}
