import { createHash } from "node:crypto";
import {
  type FliteSettings,
  runFlite,
} from "../../../../src/providers/speech/flite/flite.engine.js";

const LINE = "The old man walked slowly down to the river.";
/**
 * Lines to speak. Each has the hash of the sound and the phones that a new instance of the engine gives
 * for the line.
 */
const SAID: readonly (readonly [text: string, settings: FliteSettings, hash: string])[] = [
  [LINE, { voice: "slt" }, "4b14fce5710a6b6c"],
  [LINE, { voice: "rms", stretch: 1.4 }, "dc19076040614f8e"],
  ["No.", { voice: "kal16" }, "57622747efd3f8bd"],
  ["Look! The ship is back.", { voice: "awb", pitchHz: 180, spreadHz: 40 }, "02575ca538119021"],
  [`${LINE} `.repeat(13).trim(), { voice: "slt", pitchHz: 150 }, "c59d35bce9027ce6"],
];

async function hashOf(text: string, settings: FliteSettings): Promise<string> {
  const { pcm, phones } = await runFlite(text, settings);
  const hash = createHash("sha256").update(new Uint8Array(pcm.buffer));
  return hash.update(JSON.stringify(phones)).digest("hex").slice(0, 16);
}

test("earlier calls do not change later calls, in any order", async () => {
  const orders = [SAID, SAID.toReversed(), [...SAID.slice(2), ...SAID.slice(0, 2), ...SAID]];
  for (const order of orders) {
    for (const [text, settings, hash] of order) expect(await hashOf(text, settings)).toBe(hash);
  }
});

test("calls at the same time do not share a memory", async () => {
  const hashes = await Promise.all(SAID.map(([text, settings]) => hashOf(text, settings)));

  expect(hashes).toEqual(SAID.map(([, , hash]) => hash));
});
