import type { App } from "../../src/app.js";
import {
  type NarrationEntity,
  type SegmentEdit,
  instanceLoaders,
} from "../../src/instances/index.js";
import type { StoryEntity } from "../../src/reference/index.js";
import { owner } from "../scratch-app.js";
import type { PlainWrites } from "./plain-writes.js";
import type { WrittenStory } from "./written-stories.js";

/** One call of a write, on rows that were prepared for the call. */
export type Call = () => Promise<unknown>;

/** A write that the server and plain SQL both make. */
export interface WriteCase {
  readonly name: string;
  /** The number of calls in one round. */
  readonly calls: number;
  /** Prepares the rows of one call. */
  readonly prepare: () => Promise<{
    readonly served: Call;
    readonly plain: Call;
    /** Removes what the call left. */
    readonly clean: Call;
  }>;
}

interface Sides {
  readonly services: App["services"];
  readonly plain: PlainWrites;
}

const nothing: Call = () => Promise.resolve();

/** Changes the texts of segments of one narration. Every call writes other texts. */
export function editCase(sides: Sides, narration: NarrationEntity, edits: number): WriteCase {
  const { narrations } = sides.services;
  const step = Math.floor(narration.segmentCount / edits);
  let current = narration;
  let round = 0;
  return {
    name: `update ${edits} of ${narration.segmentCount} segments`,
    calls: edits > 100 ? 20 : 40,
    prepare: async () => {
      round += 1;
      const list = Array.from({ length: edits }, (_, index) => ({
        index: index * step,
        text: `Edit ${index} of round ${round}, in words that nobody else has written.`,
      })) satisfies SegmentEdit[];
      current = await reread(sides, current);
      const at = current;
      return {
        served: () => narrations.updateSegments(owner, at, list),
        plain: () => sides.plain.update(at, list),
        clean: nothing,
      };
    },
  };
}

export const createCase = (sides: Sides, { story, segments }: WrittenStory): WriteCase => ({
  name: `create with ${segments} segments`,
  calls: callsFor(segments),
  prepare: async () => {
    let id = "";
    return {
      served: async () => ({ id } = await sides.services.narrations.create(owner, newOf(story))),
      plain: async () => (id = await sides.plain.create(story.id)),
      clean: () => sides.plain.delete({ id }),
    };
  },
});

type Change = "publish" | "unpublish" | "delete";

/** Publishes, unpublishes or deletes a narration. A deleted narration is published. */
export const changeCase = (
  sides: Sides,
  change: Change,
  { story, segments }: WrittenStory,
): WriteCase => ({
  name: `${change} with ${segments} segments`,
  calls: callsFor(segments),
  prepare: async () => {
    const { narrations, publishing } = sides.services;
    const made = await narrations.create(owner, newOf(story));
    const at = change === "publish" ? made : await publishing.publish(owner, made, "public");
    const served = {
      publish: () => publishing.publish(owner, at, "public"),
      unpublish: () => publishing.unpublish(owner, at),
      delete: () => narrations.delete(owner, at),
    };
    return {
      served: served[change],
      plain: () => sides.plain[change](at),
      clean: () => sides.plain.delete(at),
    };
  },
});

const newOf = ({ id: storyId, title }: StoryEntity) => ({
  storyId,
  title,
  narratorVoice: "flite:slt",
});

const callsFor = (segments: number): number => (segments > 5_000 ? 2 : 15);

async function reread({ services }: Sides, { id }: NarrationEntity): Promise<NarrationEntity> {
  const loaders = instanceLoaders(
    (work) => services.database.read({ viewer: owner.userId }, work),
    owner,
  );
  const narration = await loaders.narrations.byId.load(id);
  if (!narration) throw new Error(`The narration ${id} of the bench is gone.`);
  return narration;
}
