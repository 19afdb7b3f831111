import { createReadStream } from "node:fs";
import { access, constants, readFile, stat } from "node:fs/promises";
import { basename, extname, join, parse } from "node:path";
import type { App } from "../app.js";
import {
  CONSENT_STATEMENT,
  type Owner,
  SampleStatus,
  UploadPurpose,
  type VoiceSampleEntity,
  VoiceSubject,
  instanceLoaders,
  ownerOf,
  readQuality,
  speechForTraining,
  untilProcessed,
} from "../instances/index.js";
import { StartupError } from "../platform/errors.js";
import { type Stopping, print, say } from "../platform/process/process.js";
import { userStore } from "../platform/users/user.store.js";
import type { TemplateEntity } from "../reference/index.js";
import { readWords, wrong } from "../platform/command-line/read-words.js";
import { findTemplates } from "./find-templates.js";
import { VOICE } from "./lines.js";
import { type NamedUser, claimsOf, requireUser } from "./named-user.js";
import { openApp } from "./open-app.js";
import { printPrompts } from "./print-prompts.js";
import { failOn } from "./story-source.js";
import { listVoices, trainVoice } from "./train-voice.js";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".webm": "audio/webm",
  ".ogg": "audio/ogg",
  ".opus": "audio/ogg",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
  ".mp4": "audio/mp4",
};

interface Recording {
  /** The key of a template, for example "joy". */
  readonly key: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** The words that the person read. A voice can be trained only from known words. */
  readonly transcript: string | undefined;
}

/** Makes voice samples from files and voices from samples, with the same services as the API. */
export async function runVoice(words: readonly string[], stopping: Stopping): Promise<void> {
  const request = await readRequest(words);
  const { agree, prompts, recordings, emotions, isTrained, isListed } = request;
  if (agree === undefined && prompts.length === 0 && !isTrained && !isListed) {
    printStatement();
    return;
  }
  if (agree !== undefined) requireCurrent(agree);
  const app = await openApp(stopping, { runsJobs: true });
  const claims = await requireUser(app, request);
  const owner = ownerOf(claims.subject);
  const ownerName = await publicIdOf(app, owner);
  const keys = recordings.map(({ key }) => key);
  const read = await findTemplates(app, prompts);
  const templates = await findTemplates(app, [...keys, ...emotions]);
  if (agree !== undefined) await recordConsent(app, owner, { agree, name: claims.displayName });
  printPrompts(read);
  await addSamples(app, owner, { recordings, templates, ownerName });
  const chosen = templates.slice(recordings.length);
  const { displayName } = request;
  if (isTrained) await trainVoice(app, owner, { templates: chosen, displayName });
  if (isTrained || isListed) await listVoices(app, owner);
}

interface VoiceRequest extends NamedUser {
  readonly agree: string | undefined;
  /** The keys of the templates whose prompts are printed. */
  readonly prompts: readonly string[];
  readonly recordings: readonly Recording[];
  readonly isTrained: boolean;
  /** The keys of the templates to train. Empty: all with enough speech. */
  readonly emotions: readonly string[];
  readonly displayName: string | undefined;
  readonly isListed: boolean;
}

/** @throws StartupError if the words are no request, or if a file cannot be read */
async function readRequest(given: readonly string[]): Promise<VoiceRequest> {
  const { words: emotions, values } = readWords(VOICE, given);
  const { user: name, agree, train, list, prompt: prompts, sample } = values;
  claimsOf(name);
  if (!train && emotions.length > 0) {
    throw wrong(VOICE, `The word "${emotions.join(" ")}" names an emotion to train; add --train.`);
  }
  if (!train && values.name !== undefined) {
    throw wrong(VOICE, "--name names the voice that --train makes; add --train.");
  }
  const recordings = await Promise.all(sample.map(readRecording));
  return {
    ...{ name, mayCreate: values["create-user"], agree, prompts, recordings, emotions },
    ...{ isTrained: train, displayName: values.name, isListed: list },
  };
}

async function recordConsent(
  { services }: App,
  owner: Owner,
  { agree, name }: { readonly agree: string; readonly name: string },
): Promise<void> {
  await services.consents.grant(owner, { statementVersion: agree, subject: VoiceSubject.Self });
  say(`Recorded the consent of ${name}`);
  say("To read what to record, run: npm run voice -- --prompt neutral");
}

/** Returns the words in the text file beside a recording: in line.txt for line.wav. */
async function readWordsBeside(path: string): Promise<string | undefined> {
  const { dir, name, ext } = parse(path);
  const beside = join(dir, `${name}.txt`);
  const text = ext === ".txt" ? "" : await readFile(beside, "utf8").catch(() => "");
  if (text.trim() !== "") return text.trim();
  say(
    `${beside} has no words; write the words that you read in ${path} there, because a voice is trained from recordings with their words`,
  );
  return undefined;
}

interface Additions {
  readonly recordings: readonly Recording[];
  /** The template of each recording, in the same order. There may be more. */
  readonly templates: readonly TemplateEntity[];
  readonly ownerName: string;
}

/** @throws StartupError if a recording is rejected, after all recordings were sent */
async function addSamples(
  app: App,
  owner: Owner,
  { recordings, templates, ownerName }: Additions,
): Promise<void> {
  if (recordings.length === 0) return;
  let rejected = 0;
  for (const [index, recording] of recordings.entries()) {
    const template = templates[index];
    if (!template) continue;
    say(
      `Sample ${index + 1} of ${recordings.length}: ${recording.path} for ${template.modulationKey}`,
    );
    const sample = await addSample(app, owner, { recording, template, ownerName });
    print(`${template.modulationKey} ${describeSample(sample)}`);
    if (sample.processingStatus === SampleStatus.Rejected) rejected += 1;
  }
  await printMissing(app, owner, templates.slice(0, recordings.length));
  if (rejected > 0)
    throw new StartupError(`${rejected} of ${recordings.length} samples were rejected.`);
}

function requireCurrent(version: string): void {
  if (version === CONSENT_STATEMENT.version) return;
  throw new StartupError(
    `The statement is at version ${CONSENT_STATEMENT.version}; run the command without --agree to read that version.`,
  );
}

function printStatement(): void {
  print(CONSENT_STATEMENT.text);
  say(
    `\nTo agree, run the command again with --agree ${CONSENT_STATEMENT.version}\nAll options: npm run voice -- --help`,
  );
}

async function readRecording(option: string): Promise<Recording> {
  const [, key = "", path = ""] = /^([^=]+)=(.+)$/s.exec(option) ?? [];
  if (!path) throw wrong(VOICE, `"${option}" is not EMOTION=FILE.`);
  await access(path, constants.R_OK).catch(failOn(path));
  const found = await stat(path).catch(failOn(path));
  if (!found.isFile()) throw new StartupError(`${path} is a folder or a device; name a file.`);
  return { key, path, sizeBytes: found.size, transcript: await readWordsBeside(path) };
}

/** Returns the public id, which names the owner of an upload. */
const publicIdOf = ({ services }: App, { userId }: Owner): Promise<string> =>
  services.database.read({ viewer: userId }, async (tx) => {
    const [user] = await userStore.byIds(tx, [userId]);
    if (user) return user.publicId;
    throw new StartupError("An operator erased this user; choose another one with --user.");
  });

interface Addition {
  readonly recording: Recording;
  readonly template: TemplateEntity;
  readonly ownerName: string;
}

async function addSample(
  { services }: App,
  owner: Owner,
  { recording, template, ownerName }: Addition,
): Promise<VoiceSampleEntity> {
  const { uploads, voiceSamples } = services;
  const { path, sizeBytes, transcript } = recording;
  const contentType =
    CONTENT_TYPES[extname(basename(path)).toLowerCase()] ?? "application/octet-stream";
  const purpose = UploadPurpose.VoiceSample;
  const upload = await uploads.create(owner, { purpose, sizeBytes, contentType });
  await uploads.receive(ownerName, upload.id, {
    contentType,
    body: createReadStream(path),
  });
  const { id } = await voiceSamples.add(owner, {
    ...{ templateId: template.id, uploadId: upload.id },
    transcript,
  });
  return untilProcessed(services, owner, id);
}

function describeSample({
  processingStatus,
  quality: stored,
  durationMs,
}: VoiceSampleEntity): string {
  const quality = readQuality(stored);
  const advice = quality?.issues.map((issue) => issue.advice) ?? [];
  const score = quality ? `score ${quality.score.toFixed(2)}` : "";
  const length = durationMs === null ? "" : `${Math.round(durationMs / 1000)} s`;
  return [processingStatus, score, length, ...advice].filter(Boolean).join("; ");
}

async function printMissing(
  { services }: App,
  owner: Owner,
  templates: readonly TemplateEntity[],
): Promise<void> {
  const { database, emotionVoices } = services;
  const { voiceSamples } = instanceLoaders(
    (work) => database.read({ viewer: owner.userId }, work),
    owner,
  );
  for (const template of new Map(templates.map((each) => [each.id, each])).values()) {
    const speech = await voiceSamples.speechOfTemplate.load(template.id);
    const found = speech && speechForTraining(template, speech, emotionVoices.trainingNeed());
    if (!found) continue;
    const { speechSeconds, secondsWithoutTranscript, missing } = found;
    const wordless =
      secondsWithoutTranscript > 0
        ? ` (${secondsWithoutTranscript.toFixed(1)} s without words do not count)`
        : "";
    const more =
      missing.speechSeconds > 0
        ? `, ${Math.ceil(missing.speechSeconds)} s more needed`
        : ", enough";
    say(`${template.modulationKey}: ${speechSeconds.toFixed(1)} s of speech${wordless}${more}`);
  }
}
