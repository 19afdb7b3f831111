import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { pipeline } from "node:stream/promises";
import type { App } from "../app.js";
import { type Credits, withCredits } from "../audio/files/id3-credits.js";
import {
  type NarrationEntity,
  NarrationStatus,
  type Owner,
  instanceLoaders,
  ownerOf,
  untilRendered,
  voiceOfLine,
} from "../instances/index.js";
import { StartupError } from "../platform/errors.js";
import { type Stopping, print, say } from "../platform/process/process.js";
import {
  AnalysisStatus,
  type ImportedStory,
  type StoryEntity,
  type StoryFile,
  analyseText,
  readStoryFile,
  untilAnalysed,
} from "../reference/index.js";
import { readWords } from "../platform/command-line/read-words.js";
import { readLanguage } from "./language.js";
import { NARRATE } from "./lines.js";
import { claimsOf, requireUser } from "./named-user.js";
import { openApp } from "./open-app.js";
import { makeWritableFolder } from "./output-folder.js";
import { chooseVoice } from "./own-voice.js";
import { readSource, requireEncoding } from "./story-source.js";
import { ProgressBar } from "../platform/command-line/progress-bar.js";

interface Text extends ImportedStory {
  readonly file: StoryFile;
  readonly language: string;
}

interface Spoken {
  readonly voice: string;
  readonly language: string;
}

/** Imports, publishes, analyses, narrates and renders a text, with the same services as the API. */
export async function runNarrate(given: readonly string[], stopping: Stopping): Promise<void> {
  const { words, values } = readWords(NARRATE, given);
  const [path = ""] = words;
  const { user: name, encoding, title } = values;
  const claims = claimsOf(name);
  const language = readLanguage(values.language);
  requireEncoding(encoding);
  const file = await readSource(path, values);
  const read = await readStoryFile(file);
  const text = {
    ...read,
    file,
    title: title ?? read.title,
    language: language ?? read.language ?? "en",
  };
  const folder = values.out ?? ".";
  await makeWritableFolder(folder);
  const app = await openApp(stopping, { runsJobs: true });
  await requireUser(app, { name, mayCreate: values["create-user"] });
  const analysis = analyseText(text.content, text);
  const owner = ownerOf(claims.subject);
  const voice = await chooseVoice(app, owner, values.voice);
  const texts = analysis.segments.map(({ start, end }) => text.content.slice(start, end));
  await refuseUnspeakable(app, owner, { language: text.language, texts, voice });
  const { narrations, rendering } = app.services;

  const story = await analysedStory(app, owner, text);
  const narration = await narrations.create(owner, {
    storyId: story.id,
    title: story.title,
    narratorVoice: voice,
  });
  await rendering.request(owner, narration);
  const rendered = await spoken(app, owner, narration.id);
  const out = join(folder, parse(file.fileName).name);
  const script = await scriptOf(app, owner, rendered);
  await writeFiles(app, { narration: rendered, credits: text }, { analysis, script }, out);
  const seconds = Math.round((rendered.durationMs ?? 0) / 1000);
  print(`${out}.mp3 ${seconds} s, ${rendered.segmentCount} segments`);
}

/** Checks whether the voice can speak the language and the text before the text is published. @throws StartupError */
async function refuseUnspeakable(
  { services }: App,
  owner: Owner,
  { texts, ...spoken }: { readonly texts: readonly string[] } & Spoken,
): Promise<void> {
  const reason = await services.rendering.explainUnrenderable(owner, texts, spoken);
  if (reason !== null) throw new StartupError(`Nothing was published. ${reason}`);
}

/**
 * Returns the author's public story with this text, after its analysis. Publishes the text if the author
 * has no such story. A second run of the command uses the story of the first run.
 */
async function analysedStory({ services }: App, owner: Owner, text: Text): Promise<StoryEntity> {
  const { stories, imports } = services;
  const { userId } = owner;
  const known = await stories.publishedOf(userId, text);
  if (!known) {
    say(`Publishing “${text.title}”: everyone can read it, also if the render fails`);
  }
  const { file, title, language } = text;
  const story =
    known ??
    (await stories.publish(userId, await imports.importFile(owner, file, { title, language })));
  if (process.stderr.isTTY) say(`Analysing “${story.title}”`);
  const status = await untilAnalysed(services, userId, story);
  if (status === AnalysisStatus.Failed) throw new StartupError("The analysis failed; see the log.");
  return story;
}

async function spoken({ services }: App, owner: Owner, id: string): Promise<NarrationEntity> {
  const bar = new ProgressBar("Rendering");
  const narration = await untilRendered(services, owner, id, ({ rendered, reused, total }) => {
    if (!process.stderr.isTTY) return;
    const isSpoken = bar.show(rendered + reused, total);
    if (isSpoken) say(`Joining ${total} segments into one sound`);
  });
  if (narration.status === NarrationStatus.Ready) return narration;
  const { message } = (narration.failure ?? {}) as { message?: string };
  throw new StartupError(
    message ?? `The render ended with the status ${narration.status}; see the log.`,
  );
}

/** Writes the sound with the author and the cover, its captions, and one document with the analysis, the script and the timings. */
async function writeFiles(
  { storage }: App,
  { narration: { audio }, credits }: { narration: NarrationEntity; credits: Credits },
  about: object,
  out: string,
): Promise<void> {
  if (!audio) throw new StartupError("The narration has no sound; see the log.");
  const { stream } = await storage.open(audio.mp3);
  await pipeline(withCredits(stream, credits), createWriteStream(`${out}.mp3`));
  await pipeline((await storage.open(audio.captions)).stream, createWriteStream(`${out}.vtt`));
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await storage.open(audio.timings)).stream) {
    chunks.push(chunk as Uint8Array);
  }
  const timings: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  await writeFile(`${out}.json`, `${JSON.stringify({ ...about, timings }, null, 2)}\n`);
}

/** Returns all segments of the rendered script, in order, each with the voice that spoke the segment. */
async function scriptOf(
  { services }: App,
  owner: Owner,
  narration: NarrationEntity,
): Promise<object[]> {
  const { narrations } = instanceLoaders(
    (work) => services.database.read({ viewer: owner.userId }, work),
    owner,
  );
  const page = await narrations
    .segments({ page: { limit: narration.segmentCount } })
    .load(narration.id);
  return page.nodes.map((node) => ({
    index: node.position,
    kind: node.kind,
    text: node.text,
    speaker: node.speakerId,
    emotion: { label: node.emotion, intensity: node.intensity },
    voice: voiceOfLine(node, narration),
  }));
}
