import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { encodeWav } from "../../../../src/audio/signal/wav.js";
import { DiskStorage } from "../../../../src/providers/storage/disk.js";
import {
  type JoinInput,
  type JoinSteps,
  joinInSteps,
} from "../../../../src/instances/rendering/join/join-steps.js";
import { encodeNarration, planNarration } from "../../../../src/worker/join.worker.js";

const SAMPLE_RATE = 16_000;
const STEPS: JoinSteps = { plan: planNarration, encode: encodeNarration, threads: 2 };
const TONE = Float32Array.from({ length: SAMPLE_RATE }, (_, index) => Math.sin(index / 8) / 4);

let root: string;
let order: JoinInput;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "fabula-joining-"));
  const wav = encodeWav({ pcm: TONE, sampleRate: SAMPLE_RATE });
  const { key } = await new DiskStorage({ root }).put(wav, { contentType: "audio/wav" });
  const segment = {
    id: "0",
    text: "A tone.",
    speaker: null,
    story: null,
    words: [],
    blobKey: key,
    gainDb: 0,
    pauseAfterMs: 300,
  };
  order = {
    storage: { kind: "disk", root },
    owner: "ada",
    title: "Tones",
    chapters: [{ title: "Tones", segment: 0 }],
    segments: Array.from({ length: 12 }, () => segment),
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const never = new AbortController().signal;
const unfinishedFiles = () => readdir(join(root, "tmp"));
const storedFiles = () => Readable.from(new DiskStorage({ root }).list("ada")).toArray();

test("a storage that cannot write fails the join with its reason and does not block the join", async () => {
  await rm(join(root, "tmp"), { recursive: true });
  await writeFile(join(root, "tmp"), "no folder");

  await expect(joinInSteps(order, STEPS, never)).rejects.toThrow(/storage/i);
});

test("one thread and two threads make the same files", async () => {
  const apart = await joinInSteps(order, STEPS, never);
  const together = await joinInSteps(order, { ...STEPS, threads: 1 }, never);

  expect(apart).toEqual(together);
  expect(Object.keys(apart.files).sort()).toEqual(["captions", "mp3", "opus", "timings", "wav"]);
});

test("a format that fails stops the others and leaves no partial file", async () => {
  const encode: JoinSteps["encode"] = async (input) => {
    if (input.formats.includes("opus")) throw new Error("Opus failed.");
    return encodeNarration(input);
  };

  await expect(joinInSteps(order, { ...STEPS, encode }, never)).rejects.toThrow("Opus failed.");

  expect(await unfinishedFiles()).toEqual([]);
  expect(await storedFiles()).toHaveLength(["captions", "timings"].length);
});

test("a cancelled join throws the reason and leaves no partial file", async () => {
  const cancel = new AbortController();
  const encode: JoinSteps["encode"] = (input) => {
    const encoding = encodeNarration(input);
    cancel.abort(new Error("Cancelled by the test."));
    return encoding;
  };

  await expect(joinInSteps(order, { ...STEPS, encode }, cancel.signal)).rejects.toThrow(
    "Cancelled by",
  );

  expect(await unfinishedFiles()).toEqual([]);
});
