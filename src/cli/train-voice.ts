import type { App } from "../app.js";
import {
  CONSENT_STATEMENT,
  type EmotionVoiceEntity,
  EmotionVoiceKind,
  type Owner,
  type PersonalVoice,
  TrainingStatus,
  emotionVoiceStore,
  etaSecondsOf,
  instanceLoaders,
  isInForce,
  speechForTraining,
  untilTrained,
} from "../instances/index.js";
import { StartupError } from "../platform/errors.js";
import { print, say } from "../platform/process/process.js";
import { type TemplateEntity, referenceLoaders } from "../reference/index.js";
import { readOwnVoices } from "./own-voice.js";

interface Training {
  /** Empty: all templates with enough speech. */
  readonly templates: readonly TemplateEntity[];
  readonly displayName: string | undefined;
}

/**
 * Trains the owner's voice, and waits until all trainings have ended.
 * @throws StartupError without a consent, or if a training failed
 */
export async function trainVoice(app: App, owner: Owner, asked: Training): Promise<void> {
  await requireConsent(app, owner);
  const { services } = app;
  const { emotionVoices } = await services.emotionVoices.train(owner, {
    displayName: asked.displayName,
    templateIds: asked.templates.map(({ id }) => id),
  });
  const nameOf = await templateNames(app, emotionVoices);
  const trained = emotionVoices.filter(isTraining);
  if (trained.length === 0) {
    await listVoices(app, owner);
    throw new StartupError("Nothing was trained; record more speech first.");
  }
  const seconds = await secondsUntil(app, owner, trained.at(-1)?.id ?? "");
  say(`Training ${trained.map(nameOf).join(", ")}; this takes about ${seconds} s`);
  let failed = 0;
  for (const [index, { id }] of trained.entries()) {
    const ended = await untilTrained(services, owner, id);
    say(`${nameOf(ended)}: ${index + 1} of ${trained.length} trainings ended`);
    if (ended.trainingStatus !== TrainingStatus.Ready) failed += 1;
  }
  if (failed === 0) return;
  await listVoices(app, owner);
  throw new StartupError(`${failed} of ${trained.length} trainings failed.`);
}

/** Estimates the time until a training ends, with the trainings before it. */
async function secondsUntil({ services }: App, owner: Owner, id: string): Promise<number> {
  const { database, clock } = services;
  const awaited = await database.read({ viewer: owner.userId }, (tx) =>
    emotionVoiceStore.awaited(tx, owner),
  );
  return etaSecondsOf(awaited, id, clock.now()) ?? 1;
}

const isTraining = ({ trainingStatus }: EmotionVoiceEntity): boolean =>
  trainingStatus === TrainingStatus.Training;

async function requireConsent({ services }: App, owner: Owner): Promise<void> {
  const { database, clock } = services;
  const { consent } = instanceLoaders(
    (work) => database.read({ viewer: owner.userId }, work),
    owner,
  );
  const live = await consent.live({});
  if (live && isInForce(live, clock.now())) return;
  throw new StartupError(
    `You have not agreed to the use of your voice; agree first: npm run voice -- --agree ${CONSENT_STATEMENT.version}`,
  );
}

/** Prints the owner's voices, and each of their emotion voices. */
export async function listVoices(app: App, owner: Owner): Promise<void> {
  const voices = await readOwnVoices(app, owner);
  if (voices.length === 0) {
    say("You have no voice of your own; train it first: npm run voice -- --train");
    return;
  }
  const ids = voices.map(({ id }) => id);
  const rows = await app.services.database.read({ viewer: owner.userId }, (tx) =>
    emotionVoiceStore.latestOfVoices(tx, owner, ids),
  );
  const nameOf = await templateNames(app, rows);
  for (const voice of voices) {
    print(describeVoice(voice));
    for (const row of rows.filter((each) => each.voice === voice.id)) {
      print(`  ${nameOf(row)} ${await describeTraining(app, owner, row)}`);
    }
  }
}

const KINDS: Readonly<Record<EmotionVoiceKind, string>> = {
  [EmotionVoiceKind.Adapted]:
    "adapted: a voice of the engine changed to sound like you; not a clone",
  [EmotionVoiceKind.Cloned]: "cloned: a copy of your voice at the voice service",
};

const SILENT = { no_consent: "agree again to use the voice", untrained: "not trained yet" };

function describeVoice({ id, displayName, kind, unavailable }: PersonalVoice): string {
  const state = unavailable === null ? "ready to speak" : SILENT[unavailable];
  return `${id} “${displayName}” ${KINDS[kind]}; ${state}`;
}

async function describeTraining(app: App, owner: Owner, row: EmotionVoiceEntity): Promise<string> {
  const { trainingStatus, revision, qualityScore, sampleCount, failure } = row;
  const isCollecting = trainingStatus === TrainingStatus.Collecting;
  return [
    trainingStatus,
    revision > 1 ? `training ${revision}` : "",
    sampleCount > 0 ? `${sampleCount} ${sampleCount === 1 ? "sample" : "samples"}` : "",
    qualityScore === null ? "" : `quality ${qualityScore.toFixed(2)}`,
    failure?.message ?? "",
    isCollecting ? await describeLack(app, owner, row) : "",
  ]
    .filter(Boolean)
    .join("; ");
}

async function describeLack(
  { services }: App,
  owner: Owner,
  { templateId, provider }: EmotionVoiceEntity,
): Promise<string> {
  const { database, emotionVoices } = services;
  const read = <T>(work: Parameters<typeof database.read<T>>[1]): Promise<T> =>
    database.read({ viewer: owner.userId }, work);
  const speech = await instanceLoaders(read, owner).voiceSamples.speechOfTemplate.load(templateId);
  const template = await referenceLoaders(read).templates.byId.load(templateId);
  const found =
    template && speech && speechForTraining(template, speech, emotionVoices.trainingNeed(provider));
  if (!found) return "";
  const { speechSeconds, neutralSample } = found.missing;
  const more = speechSeconds > 0 ? [`${Math.ceil(speechSeconds)} s more speech needed`] : [];
  return [...more, ...(neutralSample ? ["neutral speech needed first"] : [])].join(", ");
}

/** Returns a function that names the template of an emotion voice, for example "joy". */
async function templateNames(
  { services }: App,
  rows: readonly EmotionVoiceEntity[],
): Promise<(row: EmotionVoiceEntity) => string> {
  const { templates } = referenceLoaders((work) => services.database.read({ viewer: null }, work));
  const found = await templates.byId.loadMany(rows.map(({ templateId }) => templateId));
  const names = new Map(
    found.flatMap((each) =>
      each && !(each instanceof Error) ? [[each.id, each.modulationKey] as const] : [],
    ),
  );
  return ({ templateId }) => names.get(templateId) ?? "a deleted template";
}
