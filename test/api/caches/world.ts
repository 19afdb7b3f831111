import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, subjectOf } from "../../support/api.js";
import { givenLegacyFile } from "../../support/migrated.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { OTHER_LINE, recordingOf } from "../../support/spoken-recording.js";
import { BRIDGE, ORCHARD } from "../../support/texts.js";
import { recorder } from "../harness/recording.flow.js";

const ADA = subjectOf("ada");
/** A quality with enough speech to train a voice. */
const ENOUGH = JSON.stringify({ measures: { speechSeconds: 31, levelDb: -20 } });

/** Global ids of Ada's objects, of which each mutation changes some. */
export interface World {
  readonly publicStory: string;
  /** Another public story has the text of the draft, so that the draft has an analysis. */
  readonly draft: string;
  /** A segment of the public story. */
  readonly segment: string;
  readonly privateNarration: string;
  readonly publicNarration: string;
  readonly queuedNarration: string;
  readonly voice: string;
  readonly emotionVoice: string;
  /** Rows of the earlier platform. */
  readonly oldVoice: string;
  readonly oldEmotionVoice: string;
  readonly oldSample: string;
  /** Two samples of the neutral template, the first one is preferred. */
  readonly samples: readonly string[];
  readonly upload: string;
  readonly neutral: string;
  /** The ids of all objects with lists that a mutation could change. */
  readonly parents: readonly string[];
}

/** Inserts objects of every kind for Ada, and public objects of others. */
export async function givenWorld(app: ApiApp): Promise<World> {
  const { given } = app;
  await given.user("ada");
  const story = await given.story({ author: "ada", text: BRIDGE, analyse: true });
  const other = await given.story({ author: "cleo", text: ORCHARD, analyse: true });
  const draft = await given.story({ author: "ada", text: ORCHARD });
  const voices = await givenVoices(app);
  const narration = (publish?: "public", narratorVoice?: string) =>
    given.narration({ owner: "ada", story, narratorVoice, ...(publish ? { publish } : {}) });
  const [privateOne, publicOne, queued] = [
    await narration(),
    await narration("public", voices.raw),
    await narration(undefined, voices.raw),
  ];
  await app.services.rendering.request(ownerOf(ADA), await given.reread(queued));
  const templates = await app.superuser<{ id: number }>(
    `SELECT DISTINCT template_id AS id FROM reference.story_modulation_occurrences
     UNION SELECT template_id FROM instances.user_voice_samples
     UNION SELECT template_id FROM instances.user_emotion_voices`,
  );
  const { raw: _, ...ids } = voices;
  const narrations = {
    privateNarration: toGlobalId("UserStoryNarration", privateOne.id),
    publicNarration: toGlobalId("UserStoryNarration", publicOne.id),
    queuedNarration: toGlobalId("UserStoryNarration", queued.id),
  };
  const stories = {
    publicStory: toGlobalId("ReferenceStory", story.id),
    draft: toGlobalId("ReferenceStory", draft.id),
  };
  return {
    ...{ ...ids, ...narrations, ...stories },
    segment: toGlobalId("StorySegment", `${privateOne.analysisId ?? 0}.2`),
    parents: [
      ...Object.values(stories),
      ...Object.values(narrations),
      toGlobalId("ReferenceStory", other.id),
      ...templates.map(({ id }) => toGlobalId("VoiceModulationTemplate", id)),
      ...[ids.voice, ids.oldVoice, ids.emotionVoice, ids.oldEmotionVoice],
    ],
  };
}

async function givenVoices(app: ApiApp) {
  const { given, superuser } = app;
  const consent = await app.services.consents.grant(ownerOf(ADA), {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  const about = { owner: "ada", consentId: consent.id };
  const samples = [await given.voiceSample(about), await given.voiceSample(about)];
  await superuser(
    `UPDATE instances.user_voice_samples
     SET legacy_audio = NULL, blob_key = 'owned/ada/' || id, quality = $1, is_preferred = id = $2`,
    [ENOUGH, samples[0]?.id],
  );
  const trained = { neutral: { model: "owned/nobody/model" } };
  const raw = await givenPersonalVoice(app, ADA, { consentId: consent.id, trained });
  const [emotionVoice] = await superuser<{ id: string }>(
    "SELECT id FROM instances.user_emotion_voices",
  );
  await givenLegacyFile(app, { userId: ADA });
  const oldSample = await given.voiceSample({ owner: "ada" });
  const old = await givenPersonalVoice(app, ADA, { displayName: "Ada, before" });
  const [oldEmotionVoice] = await superuser<{ id: string }>(
    `INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, kind, provider,
       provider_voice_id, training_status, state)
     SELECT v.user_id, $1, v.id, v.kind, v.provider, 'a clone', 'ready', 'awaiting_consent'
     FROM instances.user_voices v WHERE v.voice = $2 RETURNING id`,
    [await given.neutralTemplateId(), old],
  );
  return {
    raw,
    voice: toGlobalId("Voice", raw),
    oldVoice: toGlobalId("Voice", old),
    samples: samples.map(({ id }) => toGlobalId("UserVoiceSample", id)),
    oldSample: toGlobalId("UserVoiceSample", oldSample.id),
    emotionVoice: toGlobalId("UserEmotionVoice", emotionVoice?.id ?? ""),
    oldEmotionVoice: toGlobalId("UserEmotionVoice", oldEmotionVoice?.id ?? ""),
    neutral: toGlobalId("VoiceModulationTemplate", await given.neutralTemplateId()),
    upload: await recorder(app, "ada").upload(await recordingOf(OTHER_LINE)),
  };
}
