import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, NotFoundError } from "../../platform/errors.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import {
  type TemplateEntity,
  isNeutral,
  isTrainable,
  templateStore,
} from "../../reference/index.js";
import type { Owner } from "../owner.js";
import { type RecordedSpeech, recordedSpeechStore } from "../voice-sample/recorded-speech.store.js";
import {
  NEUTRAL,
  type SpeechForTraining,
  type TrainingNeed,
  speechForTraining,
} from "../voice-sample/speech-for-training.js";
import { type EmotionVoiceEntity, TrainingStatus, isLiving } from "./emotion-voice.entity.js";

/** The templates that a request trains, and those that need more speech first. */
export interface ChosenTemplates {
  readonly train: readonly TemplateEntity[];
  readonly collect: readonly TemplateEntity[];
}

interface Choice {
  /** Empty: all templates with recordings. */
  readonly templateIds: readonly number[];
  /** All emotion voices of the personal voice. */
  readonly known: readonly EmotionVoiceEntity[];
  readonly need: TrainingNeed;
}

/** A template with the owner's speech. */
interface Candidate {
  readonly template: TemplateEntity;
  readonly speech: SpeechForTraining;
}

/**
 * Chooses what to train. Named templates must all be trainable now. Without names, chooses all templates
 * with recordings, and leaves out those in training.
 * @throws NotFoundError for an unknown template
 * @throws InvalidInputError if no voice can be trained for a named template
 * @throws ConflictError if a named template is in training or has too little speech, if the neutral voice
 *   is missing, or if there is nothing to train
 */
export async function chooseTemplates(
  tx: Tx,
  owner: Owner,
  { templateIds, known, need }: Choice,
): Promise<ChosenTemplates> {
  const isNamed = templateIds.length > 0;
  const spoken = await recordedSpeechStore.byTemplate(tx, owner, isNamed ? templateIds : null);
  const ids = isNamed ? templateIds : spoken.map(({ templateId }) => templateId);
  const templates = await templateStore.byIds(tx, ids);
  const state = new TrainingState(known, spoken.find((each) => each.isNeutral) ?? null);
  const candidates = templates.flatMap((template) => {
    const speech = speechForTraining(template, speechOf(template, spoken), need);
    return speech && template.isActive ? [{ template, speech }] : [];
  });
  if (!isNamed) return chooseAll(candidates, state);
  requireTrainable(templateIds, templates);
  for (const candidate of candidates) {
    const at = templateIds.indexOf(candidate.template.id);
    requireReady(candidate, state, need, ["templateIds", String(at)]);
  }
  requireNeutral(candidates, state, need);
  return { train: candidates.map(({ template }) => template), collect: [] };
}

const speechOf = ({ id }: TemplateEntity, spoken: readonly RecordedSpeech[]) => ({
  own: spoken.find(({ templateId }) => templateId === id) ?? null,
  neutral: spoken.find((each) => each.isNeutral) ?? null,
});

/** What the emotion voices of one personal voice are doing. */
class TrainingState {
  constructor(
    private readonly known: readonly EmotionVoiceEntity[],
    /** The neutral recordings. null if there are none, so that there is no neutral voice either. */
    readonly neutral: RecordedSpeech | null,
  ) {}

  find(templateId: number, status: TrainingStatus): EmotionVoiceEntity | null {
    return (
      this.known.find((each) => each.templateId === templateId && each.trainingStatus === status) ??
      null
    );
  }

  inTraining(templateId: number): EmotionVoiceEntity | null {
    return this.find(templateId, TrainingStatus.Training);
  }

  /** True if the neutral voice is trained or in training. */
  get hasNeutral(): boolean {
    return this.known.some(
      (each) => each.templateId === this.neutral?.templateId && isLiving(each),
    );
  }
}

const hasEnough = ({ speech }: Candidate): boolean => speech.missing.speechSeconds === 0;

function chooseAll(candidates: readonly Candidate[], state: TrainingState): ChosenTemplates {
  const free = candidates.filter(({ template }) => !state.inTraining(template.id));
  const inTraining = candidates.flatMap(({ template }) => state.inTraining(template.id) ?? []);
  const enough = free.filter(hasEnough);
  const hasNeutral = enough.some(isOfNeutral) || state.hasNeutral;
  const train = hasNeutral ? enough.map(({ template }) => template) : [];
  const collect = free
    .map(({ template }) => template)
    .filter((each) => !train.includes(each) && !state.find(each.id, TrainingStatus.Ready));
  if (train.length > 0) return { train, collect };
  if (inTraining[0]) throw alreadyInTraining(inTraining[0], "Your voice");
  if (collect.length > 0) return { train, collect };
  throw new ConflictError(
    "You have no accepted voice samples to train from; record the neutral template first with addVoiceSample, then train.",
  );
}

const isOfNeutral = ({ template }: Candidate): boolean => isNeutral(template);

function requireTrainable(ids: readonly number[], templates: readonly TemplateEntity[]): void {
  const active = new Map(
    templates.filter(({ isActive }) => isActive).map((each) => [each.id, each]),
  );
  const problems = new InputProblems();
  const missing = ids.findIndex((id) => !active.has(id));
  if (missing >= 0)
    throw new NotFoundError(
      "There is no such template; choose ids of voiceModulationTemplates with isTrainable.",
      ["templateIds", String(missing)],
    );
  for (const [at, id] of ids.entries()) {
    const template = active.get(id);
    if (!template || isTrainable(template)) continue;
    problems.add(
      `No voice is trained for ${template.displayName}; choose templates with isTrainable.`,
      ["templateIds", String(at)],
    );
  }
  problems.refuse();
}

function requireReady(
  { template, speech }: Candidate,
  state: TrainingState,
  { needsTranscripts }: TrainingNeed,
  inputPath: readonly string[],
): void {
  const inTraining = state.inTraining(template.id);
  if (inTraining) {
    throw alreadyInTraining(inTraining, `Your voice for ${template.displayName}`, inputPath);
  }
  const { speechSeconds, requiredSeconds, secondsWithoutTranscript, missing } = speech;
  if (missing.speechSeconds === 0) return;
  const isWordless = needsTranscripts && secondsWithoutTranscript > 0;
  const wordless = isWordless
    ? `, but ${seconds(secondsWithoutTranscript)} s of it have no transcript and do not count`
    : "";
  throw new ConflictError(
    `${template.displayName} needs ${requiredSeconds} s of speech, and your accepted voice samples have ${seconds(speechSeconds)} s${wordless}; record ${seconds(missing.speechSeconds)} s more${isWordless ? " and send the words with the recording" : ""}, then train again.`,
    null,
    { inputPath },
  );
}

function requireNeutral(
  candidates: readonly Candidate[],
  state: TrainingState,
  need: TrainingNeed,
): void {
  if (state.hasNeutral || candidates.some(isOfNeutral)) return;
  const own = state.neutral;
  const missing = speechForTraining(NEUTRAL, { own, neutral: own }, need)?.missing.speechSeconds;
  throw new ConflictError(
    missing
      ? `Every voice needs the neutral voice first; record ${seconds(missing)} s more for the neutral template, then train.`
      : "Every voice needs the neutral voice first; train the neutral template together with the others, or name no templates to train all.",
    null,
    { inputPath: ["templateIds"] },
  );
}

function alreadyInTraining(
  current: EmotionVoiceEntity,
  name: string,
  inputPath: readonly string[] = [],
): ConflictError {
  return new ConflictError(
    `${name} is being trained already; follow voiceTrainingProgress until the training ends.`,
    current,
    { inputPath },
  );
}

/** Measures have hundredths of seconds. */
const seconds = (value: number): string => String(Number(value.toFixed(2)));
