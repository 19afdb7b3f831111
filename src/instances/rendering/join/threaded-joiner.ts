import type { Rendition } from "../../../reference/index.js";
import { type JoinSteps, joinInSteps } from "./join-steps.js";
import type { JoinOrder, JoinedSound, SoundJoiner } from "./sound-joiner.js";
import { shownEdits, writtenWords } from "../plan/spoken-edits.js";
import type { StorageSettings } from "./storage-settings.js";

/**
 * The lowest loudness that is stored. ITU-R BS.1770 ignores sound below -70 LUFS. Silence measures
 * -Infinity, which JSON cannot contain and a client cannot read.
 */
const LOWEST_LUFS = -70;

/** Joins in worker threads. The threads read and write the blob storage themselves. */
export class ThreadedJoiner implements SoundJoiner {
  constructor(
    private readonly storage: StorageSettings,
    private readonly steps: JoinSteps,
  ) {}

  async join(
    { title, chapters, segments, ownerName }: JoinOrder,
    renditions: ReadonlyMap<string, Rendition>,
    signal: AbortSignal,
  ): Promise<JoinedSound> {
    const input = {
      storage: this.storage,
      owner: ownerName,
      title,
      chapters,
      segments: segments.map((segment) => {
        const rendition = renditions.get(segment.recipeKey);
        if (!rendition) throw new Error(`Segment ${segment.line.position} has no rendition.`);
        const { line, speaker, prosody, pauseAfterMs, spokenEdits } = segment;
        return {
          id: String(line.position),
          text: line.text,
          speaker,
          story:
            line.storyStart === null || line.storyEnd === null
              ? null
              : { start: line.storyStart, end: line.storyEnd },
          apparatus: shownEdits(line.text, spokenEdits),
          words: writtenWords(line.text, spokenEdits, rendition.words),
          blobKey: rendition.blobKey,
          gainDb: prosody.gain,
          pauseAfterMs,
        };
      }),
    };
    const { files, durationMs, ...sound } = await joinInSteps(input, this.steps, signal);
    const loudnessLufs = Math.round(Math.max(LOWEST_LUFS, sound.loudnessLufs) * 100) / 100;
    return {
      audio: {
        mp3: files.mp3.key,
        opus: files.opus.key,
        wav: files.wav.key,
        captions: files.captions.key,
        timings: files.timings.key,
        loudnessLufs,
        sizeBytes: files.mp3.sizeBytes,
        chapters: sound.chapters.map(({ title, startMs }) => ({ title, startMs })),
      },
      audioBlobKey: files.mp3.key,
      durationMs,
      loudnessLufs,
      sizeBytes: String(files.mp3.sizeBytes),
      placed: sound.placed,
    };
  }
}
