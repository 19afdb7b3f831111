import type { GraphQLServices } from "../../src/graphql/context.js";
import { plainRow } from "../../src/platform/database/reading/columns.js";
import type { PublicUser } from "../../src/platform/users/user.entity.js";
import { userStore } from "../../src/platform/users/user.store.js";
import {
  type NarrationEntity,
  type NarrationInput,
  type NarrationSegmentEntity,
  ownerOf,
} from "../../src/instances/index.js";
import { narrationStore } from "../../src/instances/narration/narration.store.js";
import { scriptStore } from "../../src/instances/narration/script/script.store.js";
import type { NewStory, StoryEntity } from "../../src/reference/index.js";
import type { TestDatabase } from "./test-database.js";
import { BRIDGE } from "./texts.js";

export interface GivenStory extends Partial<Omit<NewStory, "content">> {
  /** A user id. The builder creates the user if needed. Default "cleo". */
  readonly author?: string;
  /** Default: BRIDGE. Null creates a draft without text. */
  readonly text?: string | null;
  /** True if the story is published. Default false: a draft. */
  readonly publish?: boolean;
  /** True if the story is published and also analysed. Default false. */
  readonly analyse?: boolean;
}

export interface GivenNarration extends NarrationInput {
  /** A user id. The builder creates the user if needed. */
  readonly owner: string;
  /** Default: a new, analysed story by cleo. */
  readonly story?: Pick<StoryEntity, "id">;
  /** The visibility of the published narration. Absent if the narration is not published. */
  readonly publish?: "public" | "unlisted";
}

interface GivenVoice {
  readonly owner: string;
  /** Default: the neutral template. */
  readonly templateId?: number;
  /** The id of a live consent. Default: the row waits for a consent, like rows of the legacy platform. */
  readonly consentId?: string;
}

/** Builders of rows. The builders use the services, as real requests do. */
export interface Given {
  /** Returns the user with the id `name`. */
  user(name: string): Promise<PublicUser>;
  story(about?: GivenStory): Promise<StoryEntity>;
  narration(about: GivenNarration): Promise<NarrationEntity>;
  /** Returns the narration's script, in order. */
  script(narration: NarrationEntity): Promise<NarrationSegmentEntity[]>;
  /** Reads the narration again, as its owner. */
  reread(narration: Pick<NarrationEntity, "userId" | "id">): Promise<NarrationEntity>;
  /** Inserts an accepted voice sample with SQL, like one of the legacy platform. No job measures it. */
  voiceSample(about: GivenVoice): Promise<{ readonly id: string; readonly templateId: number }>;
  /** Inserts an emotion voice with SQL, because no service trains emotion voices yet. */
  emotionVoice(about: GivenVoice): Promise<{ readonly id: string; readonly templateId: number }>;
  neutralTemplateId(): Promise<number>;
}

type Analyse = (story: StoryEntity) => Promise<void>;

export function givenRows(
  services: GraphQLServices,
  testDatabase: TestDatabase,
  analyse: Analyse,
): Given {
  const user = (name: string) => userNamed(services, name);
  const story = async (about: GivenStory = {}): Promise<StoryEntity> => {
    const { author = "cleo", text = BRIDGE, publish, analyse: isAnalysed, ...fields } = about;
    await user(author);
    const content = text === null ? {} : { content: text };
    const draft = await services.stories.create(author, {
      title: "The High River",
      ...fields,
      ...content,
    });
    if (!publish && !isAnalysed) return draft;
    const published = await services.stories.publish(author, draft);
    if (isAnalysed) await analyse(published);
    return published;
  };
  return {
    user,
    story,
    narration: async ({ owner, story: told, publish, ...input }) => {
      await user(owner);
      const { id: storyId } = told ?? (await story({ analyse: true }));
      const { narrations, publishing } = services;
      const narration = await narrations.create(ownerOf(owner), { ...input, storyId });
      return publish ? publishing.publish(ownerOf(owner), narration, publish) : narration;
    },
    ...ownedReads(services),
    ...givenVoices(testDatabase, user),
  };
}

async function userNamed({ database }: GraphQLServices, name: string): Promise<PublicUser> {
  return database.write(name, async (tx) => {
    await userStore.ensure(tx, {
      subject: name,
      email: `${name}@example.org`,
      displayName: name.slice(0, 1).toUpperCase() + name.slice(1),
    });
    const [known] = await userStore.byIds(tx, [name]);
    if (!known) throw new Error(`The user ${name} was not created.`);
    return known;
  });
}

const ownedReads = ({ database }: GraphQLServices): Pick<Given, "script" | "reread"> => ({
  script: ({ userId, id }) =>
    database.read({ viewer: userId }, async (tx) => {
      const pages = await scriptStore.pages(tx, ownerOf(userId), [id], {
        page: { limit: 100_000 },
      });
      return pages.get(id)?.nodes.map((row) => plainRow(row)) ?? [];
    }),
  reread: ({ userId, id }) =>
    database.read({ viewer: userId }, async (tx) => {
      const [narration] = await narrationStore.byIds(tx, ownerOf(userId), [id]);
      if (!narration) throw new Error(`The narration ${id} is gone.`);
      return narration;
    }),
});

const QUALITY = JSON.stringify({
  score: 1,
  measures: { speechSeconds: 9, snrDb: 40, clippedShare: 0, voicedShare: 0.7, levelDb: -20 },
  issues: [],
});

/** The values of consent_id, state and consent_live for the consent $3. */
const UNDER_CONSENT = `$3::bigint, CASE WHEN $3::bigint IS NULL THEN 'awaiting_consent' ELSE 'usable' END,
  CASE WHEN $3::bigint IS NOT NULL THEN true END`;

function givenVoices(
  { superuser }: TestDatabase,
  user: Given["user"],
): Pick<Given, "voiceSample" | "emotionVoice" | "neutralTemplateId"> {
  const neutralTemplateId = async (): Promise<number> => {
    const [row] = await superuser<{ id: number }>(
      "SELECT id FROM reference.voice_modulation_templates WHERE modulation_key = 'neutral'",
    );
    return row?.id ?? 0;
  };
  const inserted = async (sql: string, { owner, templateId, consentId }: GivenVoice) => {
    await user(owner);
    const template = templateId ?? (await neutralTemplateId());
    const [row] = await superuser<{ id: string }>(sql, [owner, template, consentId ?? null]);
    return { id: row?.id ?? "", templateId: template };
  };
  return {
    neutralTemplateId,
    voiceSample: (about) =>
      inserted(
        `INSERT INTO instances.user_voice_samples (user_id, template_id, transcript, legacy_audio,
           quality, consent_id, state, consent_live)
         VALUES ($1, $2, 'The morning train leaves at nine.', 'audio://1', '${QUALITY}',
           ${UNDER_CONSENT}) RETURNING id`,
        about,
      ),
    emotionVoice: (about) =>
      inserted(
        `INSERT INTO instances.user_emotion_voices
           (user_id, template_id, kind, provider, training_status,
             consent_id, state, consent_live, revision)
         SELECT $1, $2::int, 'adapted', 'flite', 'collecting', ${UNDER_CONSENT},
           1 + coalesce(max(revision), 0)
         FROM instances.user_emotion_voices WHERE user_id = $1 AND template_id = $2 RETURNING id`,
        about,
      ),
  };
}
