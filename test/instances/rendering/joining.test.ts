import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav } from "../../../src/audio/wav.js";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { type JoinInput, joinNarration } from "../../../src/worker/join.worker.js";

const SAMPLE_RATE = 16_000;
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

test("a storage that takes nothing ends the join with its reason, which does not wait for ever", async () => {
  await rm(join(root, "tmp"), { recursive: true });
  await writeFile(join(root, "tmp"), "no folder");

  await expect(joinNarration(order)).rejects.toThrow(/storage/i);
});
