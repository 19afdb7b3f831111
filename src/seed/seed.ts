import type { GraphQLServices } from "../graphql/context.js";
import {
  type InstanceLoaders,
  NarrationStatus,
  type Owner,
  instanceLoaders,
  ownerOf,
} from "../instances/index.js";
import type { ListedNarration } from "../instances/index.js";
import type { Reader } from "../platform/database/reading/loaders.js";
import { userStore } from "../platform/users/user.store.js";
import {
  AnalysisStatus,
  type ReferenceLoaders,
  type StoryEntity,
  StoryVisibility,
  referenceLoaders,
  untilAnalysed,
} from "../reference/index.js";
import { DemoUser, demoClaims } from "./demo-users.js";
import { type SeedStory, readSeedStory, seedStories } from "./stories.js";

/** A narration of the demo data. Its owner and title identify it. */
export interface SeedNarration {
  readonly owner: DemoUser;
  readonly storySlug: string;
  readonly title: string;
  readonly narratorVoice: string;
  readonly isPublic: boolean;
  /**
   * True if the seeding requests a render. False if a visitor of the playground should start and watch
   * the render.
   */
  readonly isRendered: boolean;
  /** The owner's own words for some segments. */
  readonly edits?: readonly { readonly index: number; readonly text: string }[];
}

export const seedNarrations = [
  {
    owner: DemoUser.Ada,
    storySlug: "the-waiting-room-at-hollin-halt",
    title: "By the stove",
    narratorVoice: "flite:slt",
    isPublic: false,
    isRendered: true,
  },
  {
    owner: DemoUser.Ada,
    storySlug: "a-quiet-word-with-the-ship",
    title: "Lights down",
    narratorVoice: "flite:awb",
    isPublic: false,
    isRendered: true,
  },
  {
    owner: DemoUser.Ada,
    storySlug: "the-goose-committee",
    title: "For the village hall",
    narratorVoice: "flite:slt",
    isPublic: false,
    isRendered: false,
  },
  {
    owner: DemoUser.Ben,
    storySlug: "the-goose-committee",
    title: "Minutes of the goose",
    narratorVoice: "flite:rms",
    isPublic: true,
    isRendered: true,
  },
  {
    owner: DemoUser.Ben,
    storySlug: "the-waiting-room-at-hollin-halt",
    title: "My own ghost, read slowly",
    narratorVoice: "flite:rms",
    isPublic: false,
    isRendered: true,
  },
  {
    owner: DemoUser.Ada,
    storySlug: "the-marigold-and-the-reef",
    title: "Heard from the masthead",
    narratorVoice: "flite:slt",
    isPublic: false,
    isRendered: false,
    edits: [
      { index: 1, text: "screamed the boy, high above them." },
      {
        index: 3,
        text: "Captain Vane was at the rail at once. There was fog all around the schooner, and a long, slow roar in it.",
      },
    ],
  },
] as const satisfies readonly SeedNarration[];

/**
 * The progress of the seeding. Ada's profile stores the progress, so that a new start continues a
 * seeding that was killed.
 */
const Progress = { Begun: "begun", Done: "done" } as const;
const EVERY_VISIBILITY = Object.values(StoryVisibility);

/** The key of the advisory lock. The number is arbitrary, but it must be the same in every release. */
export const DEMO_LOCK = 7_301_972;

/** A demo user as an owner, and loaders that read with the rights of this user. */
interface Hands {
  readonly owner: Owner;
  readonly reference: ReferenceLoaders;
  readonly instances: InstanceLoaders;
}

export function handsOf({ database }: GraphQLServices, user: DemoUser): Hands {
  const owner = ownerOf(demoClaims(user).subject);
  const read: Reader = (work) => database.read({ viewer: owner.userId }, work);
  return { owner, reference: referenceLoaders(read), instances: instanceLoaders(read, owner) };
}

/**
 * Fills an empty database with the demo users, their stories and narrations. Uses the same services as
 * the API. Continues a seeding that was killed. Changes nothing if the seeding is complete, or if the
 * database has other users. Needs a running worker.
 * @param alone runs the seeding while no other process seeds the same database
 */
export async function seedDemo(
  services: GraphQLServices,
  say: (line: string) => void,
  alone: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): Promise<void> {
  if (!(await isUnfinished(services))) return;
  await alone(async () => {
    // Another process may have done the work meanwhile.
    if (await isUnfinished(services)) await writeDemo(services, say);
  });
}

async function isUnfinished({ database }: GraphQLServices): Promise<boolean> {
  const ada = demoClaims(DemoUser.Ada).subject;
  const progress = await database.read({ viewer: ada }, (tx) => userStore.demoProgress(tx));
  if (progress === Progress.Begun) return true;
  return database.read({ viewer: null }, (tx) => userStore.isEmpty(tx));
}

async function writeDemo(services: GraphQLServices, say: (line: string) => void): Promise<void> {
  const { database } = services;
  const ada = demoClaims(DemoUser.Ada).subject;
  say("Writing the demo stories and narrations");
  for (const user of Object.values(DemoUser)) {
    const claims = demoClaims(user);
    await database.write(claims.subject, (tx) => userStore.ensure(tx, claims));
  }
  await database.write(ada, (tx) => userStore.setDemoProgress(tx, ada, Progress.Begun));
  for (const story of seedStories) await seedStory(services, story);
  for (const narration of seedNarrations) await seedNarration(services, narration);
  for (const story of seedStories) await reviseStory(services, story);
  await database.write(ada, (tx) => userStore.setDemoProgress(tx, ada, Progress.Done));
}

async function seedStory(services: GraphQLServices, seed: SeedStory): Promise<void> {
  const { owner } = handsOf(services, seed.author);
  const { title, firstContent: content } = await readSeedStory(seed);
  const { file: _file, slug: _slug, author: _author, revision: _revision, status, ...about } = seed;
  const story =
    (await storyTitled(services, seed.author, title)) ??
    (await services.stories.create(owner.userId, { ...about, title, content } as NewSeedStory, {
      isUnlimited: true,
    }));
  if (status === "public") await services.stories.publish(owner.userId, story);
}

/** Gives a story its present text, so that the narration of its first text is outdated. */
async function reviseStory(services: GraphQLServices, seed: SeedStory): Promise<void> {
  if (!seed.revision) return;
  const { owner } = handsOf(services, seed.author);
  const { title, content } = await readSeedStory(seed);
  const story = await storyTitled(services, seed.author, title);
  if (story) await services.stories.update(owner.userId, story, { content }, { isUnlimited: true });
}

async function storyTitled(
  services: GraphQLServices,
  author: DemoUser,
  title: string,
): Promise<StoryEntity | undefined> {
  const { owner, reference } = handsOf(services, author);
  const known = await reference.stories.authoredPage({
    authorId: owner.userId,
    visibilities: EVERY_VISIBILITY,
    page: { limit: 100 },
  });
  return known.nodes.find((story) => story.title === title);
}

type NewSeedStory = Parameters<GraphQLServices["stories"]["create"]>[1];

async function seedNarration(services: GraphQLServices, seed: SeedNarration): Promise<void> {
  const hands = handsOf(services, seed.owner);
  const story = await hands.reference.stories.bySlug.load(seed.storySlug);
  if (!story) throw new Error(`The demo story ${seed.storySlug} does not exist.`);
  const status = await untilAnalysed(services, hands.owner.userId, story);
  if (status === AnalysisStatus.Failed) {
    throw new Error(`The analysis of the demo story ${story.slug} failed.`);
  }
  const { narratorVoice, title } = seed;
  const narration =
    (await narrationTitled(hands, story.id, title)) ??
    (await services.narrations.create(hands.owner, { storyId: story.id, title, narratorVoice }));
  if (seed.edits) await services.narrations.updateSegments(hands.owner, narration, seed.edits);
  if (!seed.isRendered || narration.status !== NarrationStatus.Draft) return;
  const published =
    seed.isPublic && narration.visibility === "private"
      ? await services.publishing.publish(hands.owner, narration, "public")
      : narration;
  // Do not wait for the render, because the server should be ready soon.
  await services.rendering.request(hands.owner, published, undefined, { isUnlimited: true });
}

export async function narrationTitled(
  { instances }: Hands,
  storyId: number,
  title: string,
): Promise<ListedNarration | undefined> {
  const page = await instances.narrations.ofStory({ page: { limit: 100 } }).load(storyId);
  return page.nodes.find((narration) => narration.title === title);
}
