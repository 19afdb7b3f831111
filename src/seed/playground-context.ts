import type { GraphQLServices } from "../graphql/context.js";
import { type GlobalIdType, toGlobalId } from "../graphql/global-id.js";
import type { PlaygroundContext } from "../http/playground/playground.tabs.js";
import { StoryVisibility } from "../reference/index.js";
import { DemoUser } from "./demo-users.js";
import { handsOf, narrationTitled, seedNarrations } from "./seed.js";

const NARRATION = "UserStoryNarration";
const STORY = "ReferenceStory";

/** The demo data's ids and versions as they are now; null where the demo data is not (all) there. */
export async function playgroundContext(
  services: GraphQLServices,
  tokenOf: (user: DemoUser) => Promise<string>,
): Promise<PlaygroundContext | null> {
  const ada = handsOf(services, DemoUser.Ada);
  const bySlug = (slug: string) => ada.reference.stories.bySlug.load(slug);
  const [toEdit, toPublish] = seedNarrations;
  const [edited, published, narrated, own, drafts] = await Promise.all([
    bySlug(toEdit.storySlug),
    bySlug(toPublish.storySlug),
    bySlug("the-waiting-room-at-hollin-halt"),
    bySlug("the-goose-committee"),
    ada.reference.stories.authoredPage(ada.owner.userId, [StoryVisibility.Draft], { limit: 1 }),
  ]);
  const draft = drafts.items[0]?.node ?? own;
  if (!edited || !published || !narrated || !own || !draft) return null;
  const [narrationToEdit, narrationToPublish] = await Promise.all([
    narrationTitled(ada, edited.id, toEdit.title),
    narrationTitled(ada, published.id, toPublish.title),
  ]);
  if (!narrationToEdit || !narrationToPublish) return null;
  const versioned = (type: GlobalIdType, row: { id: string | number; version: number }) => ({
    id: toGlobalId(type, row.id),
    version: row.version,
  });
  return {
    tokens: { ada: await tokenOf(DemoUser.Ada), ben: await tokenOf(DemoUser.Ben) },
    ids: {
      narratedStory: { id: toGlobalId(STORY, narrated.id), slug: narrated.slug },
      storyToNarrate: { id: toGlobalId(STORY, published.id) },
      draft: versioned(STORY, draft),
      ownStory: versioned(STORY, own),
      narrationToEdit: versioned(NARRATION, narrationToEdit),
      narrationToPublish: {
        ...versioned(NARRATION, narrationToPublish),
        storySlug: published.slug,
      },
      voice: toGlobalId("Voice", services.voices.voices[1]?.id ?? ""),
    },
  };
}
