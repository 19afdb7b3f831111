import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
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
import { type Stopping, print, say } from "../platform/process.js";
import { type UserClaims, userStore } from "../platform/users/user.store.js";
import {
  ModulationType,
  type TemplateEntity,
  isTrainable,
  referenceLoaders,
} from "../reference/index.js";
import { demoClaims } from "../seed/demo-users.js";
import { parseArguments } from "./arguments.js";
import { openApp } from "./open-app.js";

const USAGE =
  "usage: npm run voice -- [--user NAME] --agree VERSION --sample EMOTION=FILE [--sample EMOTION=FILE …]    records your consent and voice samples; without --agree, prints the consent statement";

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
}

/** Makes voice samples from files, with the same services as the API. */
export async function runVoice(words: readonly string[], stopping: Stopping): Promise<void> {
  const { positionals, values } = parseArguments(
    words,
    {
      ...{ user: { type: "string" }, agree: { type: "string" } },
      sample: { type: "string", multiple: true },
    },
    USAGE,
  );
  if (positionals.length > 0) throw new StartupError(USAGE);
  const recordings = await Promise.all((values.sample ?? []).map(readRecording));
  if (values.agree === undefined) {
    printStatement();
    return;
  }
  requireCurrent(values.agree);
  const app = await openApp(stopping, { runsJobs: true });
  const claims = demoClaims(values.user ?? "ada");
  const owner = ownerOf(claims.subject);
  const ownerName = await publicIdOf(app, claims);
  const templates = await Promise.all(recordings.map(({ key }) => findTemplate(app, key)));
  await app.services.consents.grant(owner, {
    statementVersion: values.agree,
    subject: VoiceSubject.Self,
  });
  say(`Recorded the consent of ${claims.displayName}`);
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
  await printMissing(app, owner, templates);
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
  say(`\nTo agree, run the command again with --agree ${CONSENT_STATEMENT.version}\n${USAGE}`);
}

async function readRecording(option: string): Promise<Recording> {
  const [, key = "", path = ""] = /^([^=]+)=(.+)$/s.exec(option) ?? [];
  if (!path) throw new StartupError(`"${option}" is not EMOTION=FILE.\n${USAGE}`);
  const found = await access(path, constants.R_OK)
    .then(() => stat(path))
    .catch(() => null);
  if (found?.isFile()) return { key: key.toLowerCase(), path, sizeBytes: found.size };
  throw new StartupError(`The file ${path} cannot be read; check its path and rights.\n${USAGE}`);
}

async function findTemplate({ services }: App, key: string): Promise<TemplateEntity> {
  const { templates } = referenceLoaders((work) => services.database.read({ viewer: null }, work));
  const types = [ModulationType.Emotion, ModulationType.Modulation];
  const { items } = await templates.page({ types, page: { limit: 1_000 } });
  const trainable = items.map(({ node }) => node).filter(isTrainable);
  const found = trainable.find(({ modulationKey }) => modulationKey === key);
  if (found) return found;
  const keys = trainable.map(({ modulationKey }) => modulationKey).join(", ");
  throw new StartupError(
    `No voice can be trained for "${key}"; choose one of ${keys}. Published stories add more.`,
  );
}

/** Creates the user if needed. Returns the public id, which names the owner of an upload. */
const publicIdOf = ({ services }: App, claims: UserClaims): Promise<string> =>
  services.database.write(claims.subject, async (tx) => {
    await userStore.ensure(tx, claims);
    const [user] = await userStore.byIds(tx, [claims.subject]);
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
  const { path, sizeBytes } = recording;
  const contentType =
    CONTENT_TYPES[extname(basename(path)).toLowerCase()] ?? "application/octet-stream";
  const purpose = UploadPurpose.VoiceSample;
  const upload = await uploads.create(owner, { purpose, sizeBytes, contentType });
  await uploads.receive(ownerName, upload.id, {
    contentType,
    body: createReadStream(path),
  });
  const { id } = await voiceSamples.add(owner, { templateId: template.id, uploadId: upload.id });
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
  const { database, clock } = services;
  const { voiceSamples } = instanceLoaders(
    (work) => database.read({ viewer: owner.userId }, work),
    owner,
  );
  for (const template of new Map(templates.map((each) => [each.id, each])).values()) {
    const speech = await voiceSamples.speechOfTemplate.load(template.id);
    const found = speech && speechForTraining(template, speech, clock.now());
    if (!found) continue;
    const { speechSeconds, missing } = found;
    const more =
      missing.speechSeconds > 0
        ? `, ${Math.ceil(missing.speechSeconds)} s more needed`
        : ", enough";
    say(`${template.modulationKey}: ${speechSeconds.toFixed(1)} s of speech${more}`);
  }
}
