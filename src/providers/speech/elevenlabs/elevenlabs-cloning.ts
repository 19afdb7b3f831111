import { levelDb } from "../../../audio/signal/silence.js";
import { type Sound, encodeWav } from "../../../audio/signal/wav.js";
import { parseWav } from "../../../audio/signal/wav-reader.js";
import { InvalidInputError, NotFoundError, ProviderError } from "../../../platform/errors.js";
import type {
  CloningProvider,
  TrainedVoice,
  TrainingOrder,
  TrainingSample,
} from "../cloning.port.js";
import { withRetries } from "../../remote/endpoint.js";
import { ELEVENLABS, type ElevenLabsAccount, isForEverybody } from "./elevenlabs-account.js";
import { ElevenLabsClient, NAME } from "./elevenlabs-client.js";
import type { VendorVoice } from "./elevenlabs-replies.js";

/** Returns the bytes of a blob: a mono WAV file. */
export type ReadSample = (blobKey: string) => Promise<Uint8Array>;

/** ElevenLabs advises against more than three minutes. */
const MOST_SECONDS = 180;
const LEAST_SECONDS = 1;
/** ElevenLabs takes files of at most 10 MB. This is less also at 48 kHz. */
const MOST_SECONDS_A_FILE = 90;
const MOST_FILES = 25;
const SILENT_DB = -70;

/** Creates the provider of instant clones. Each emotion gets a clone of its own. */
export function elevenLabsCloning(
  account: ElevenLabsAccount,
  readSample: ReadSample,
): CloningProvider {
  const { client } = account;
  const clones = (signal: AbortSignal) => client.listVoices("cloned", signal);
  const { installation } = account.options;
  const once = new ElevenLabsClient({ ...account.options, maxAttempts: 1 });
  return {
    id: ELEVENLABS,
    kind: "cloned",
    get languages() {
      return account.languages;
    },
    needsTranscripts: false,
    isRemote: true,
    async train(order, signal) {
      signal.throwIfAborted();
      const recordings = await collect(order.samples, readSample);
      const find = async () => {
        const found = await once.listVoices("cloned", signal);
        return oldest(found.filter(hasLabel(order.label)));
      };
      const add = async () => {
        const about = describeClone(order, installation);
        const files = recordings.map(encodeWav);
        const { voice_id: id, ...added } = await once.addVoice({ ...about, files }, signal);
        return { id, isUnverified: added.requires_verification === true };
      };
      // Each attempt looks for the clone first, because an attempt that failed may have made the clone.
      const clone = await withRetries(
        client.retries,
        async () => cloneOf(await find()) ?? (await add()),
        signal,
      );
      if (clone.isUnverified) return refuseUnverified(account, clone.id, signal);
      const others = (await clones(signal)).filter(hasLabel(order.label));
      return trained(await keepOne(account, [clone.id, others], signal), recordings);
    },
    async remove({ label, model }, signal) {
      signal.throwIfAborted();
      const found = (await clones(signal)).filter(hasLabel(label)).map(({ voice_id: id }) => id);
      for (const id of new Set([...found, ...(model === null ? [] : [model])]))
        await client.deleteVoice(id, signal);
    },
    async hasVoice(model, signal) {
      signal.throwIfAborted();
      const found = (await client.listVoices(null, signal)).find(
        ({ voice_id: id }) => id === model,
      );
      return found !== undefined && !isForEverybody(found);
    },
    async listLabels(signal) {
      const labels = (await clones(signal)).map((clone) => labelOf(clone, installation));
      return [...new Set(labels.filter((label) => label !== null))];
    },
  };
}

const MADE_BY = /^Made by Fabula (\S+) as (\S+)\.$/;

function describeClone({ label, language }: TrainingOrder, installation: string) {
  const description = `Made by Fabula ${installation} as ${label}.`;
  return { name: label, description, labels: { language } };
}

/** Returns the label of a clone that this installation made. */
function labelOf({ description }: VendorVoice, installation: string): string | null {
  const [, maker, label] = MADE_BY.exec(description ?? "") ?? [];
  return maker === installation ? (label ?? null) : null;
}

/** A person with the account may have renamed the clone, so the description counts too. */
const hasLabel =
  (label: string) =>
  ({ name, description }: VendorVoice): boolean =>
    name === label || MADE_BY.exec(description ?? "")?.[2] === label;

interface Clone {
  readonly id: string;
  /** True if the clone may not speak before its speaker has proved who they are. */
  readonly isUnverified: boolean;
}

function cloneOf(voice: VendorVoice | null): Clone | null {
  if (!voice) return null;
  const { requires_verification: isAsked, is_verified: isDone } = voice.voice_verification ?? {};
  return { id: voice.voice_id, isUnverified: isAsked === true && isDone !== true };
}

const oldest = (voices: readonly VendorVoice[]): VendorVoice | null =>
  voices.toSorted(
    (one, other) =>
      (one.created_at_unix ?? Infinity) - (other.created_at_unix ?? Infinity) ||
      one.voice_id.localeCompare(other.voice_id),
  )[0] ?? null;

/**
 * Returns the clone to keep, and deletes the other clones with its label. A slow attempt and the attempt
 * after a crash can make two clones.
 */
async function keepOne(
  { client }: ElevenLabsAccount,
  [made, found]: readonly [string, readonly VendorVoice[]],
  signal: AbortSignal,
): Promise<string> {
  const kept = oldest(found)?.voice_id ?? made;
  const ids = new Set([made, ...found.map(({ voice_id: id }) => id)]);
  for (const id of ids) if (id !== kept) await client.deleteVoice(id, signal);
  return kept;
}

async function refuseUnverified(
  { client }: ElevenLabsAccount,
  id: string,
  signal: AbortSignal,
): Promise<never> {
  await client.deleteVoice(id, signal);
  throw new ProviderError(
    `${NAME} wants a proof of who speaks, which only its own website takes, so the clone was deleted; train the voice with another provider.`,
    false,
  );
}

/**
 * Reads the recordings, the preferred recordings first, up to the length that ElevenLabs advises.
 * @throws InvalidInputError if the recordings have too little sound
 */
async function collect(
  samples: readonly TrainingSample[],
  readSample: ReadSample,
): Promise<readonly Sound[]> {
  const sounds: Sound[] = [];
  let seconds = 0;
  // ElevenLabs refuses the same file twice.
  for (const key of new Set(samples.map(({ blobKey }) => blobKey))) {
    const { pcm, sampleRate } = await readSound(readSample, key);
    const most = Math.min(MOST_SECONDS_A_FILE, MOST_SECONDS - seconds);
    const cut = pcm.slice(0, Math.round(most * sampleRate));
    if (cut.length === 0 || !(levelDb(cut) > SILENT_DB)) continue;
    sounds.push({ pcm: cut, sampleRate });
    seconds += cut.length / sampleRate;
    if (sounds.length === MOST_FILES || seconds >= MOST_SECONDS) break;
  }
  if (seconds >= LEAST_SECONDS) return sounds;
  throw new InvalidInputError(
    `The recordings have ${seconds.toFixed(1)} s of sound, and ${NAME} needs at least ${LEAST_SECONDS} s; record more sentences.`,
  );
}

async function readSound(readSample: ReadSample, blobKey: string): Promise<Sound> {
  try {
    return parseWav(await readSample(blobKey));
  } catch (error) {
    if (!(error instanceof NotFoundError) && !(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError("A recording is lost or damaged; delete it and record it again.");
  }
}

function trained(model: string, recordings: readonly Sound[]): TrainedVoice {
  const seconds = recordings.reduce((sum, { pcm, sampleRate }) => sum + pcm.length / sampleRate, 0);
  return {
    ...{ model, deltas: null, otherDeltas: {}, qualityScore: null },
    metrics: { recordings: recordings.length, recordedSeconds: Math.round(seconds * 10) / 10 },
  };
}
