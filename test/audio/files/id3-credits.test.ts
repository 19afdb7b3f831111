import NodeId3 from "node-id3";
import { type Credits, withCredits } from "../../../src/audio/files/id3-credits.js";
import { writeId3Tag } from "../../../src/audio/files/id3.js";

const CHAPTERS = [{ title: "One", startMs: 0, endMs: 900 }];
const SOUND = Buffer.from("the frames of the sound");
const FILE = Buffer.concat([writeId3Tag("The Bell", CHAPTERS), SOUND]);
const COVER = { bytes: new Uint8Array(300_000).fill(7), contentType: "image/png" };

/** Returns a file with credits. The file comes in chunks of `length` bytes. */
async function credited(file: Buffer, credits: Credits, length: number): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < file.length; at += length) {
      yield await Promise.resolve(file.subarray(at, at + length));
    }
  }
  const parts: Uint8Array[] = [];
  for await (const part of withCredits(chunks(), credits)) parts.push(part);
  return Buffer.concat(parts);
}

test.each([1, 9, 10, 11, 100_000])(
  "an mp3 in chunks of %i bytes gets an author and a cover beside its title and chapters",
  async (length) => {
    const file = await credited(FILE, { authorName: "Ada Lovelace – Ä", cover: COVER }, length);

    const { title, artist, chapter, image } = NodeId3.read(file);
    expect({ title, artist }).toEqual({ title: "The Bell", artist: "Ada Lovelace – Ä" });
    expect(chapter).toMatchObject([{ elementID: "chp0", startTimeMs: 0, endTimeMs: 900 }]);
    expect(image).toMatchObject({ mime: "image/png", type: { id: 3 } });
    expect((image as { imageBuffer: Buffer }).imageBuffer.equals(COVER.bytes)).toBe(true);
    expect(file.subarray(-SOUND.length)).toEqual(SOUND);
  },
);

test.each([
  ["without author and cover", FILE, { authorName: null, cover: null }],
  ["without a tag", SOUND, { authorName: "Ada", cover: COVER }],
  ["shorter than a tag", Buffer.from("ID3"), { authorName: "Ada", cover: COVER }],
])("a file %s stays the same", async (_what, file, credits) => {
  expect(await credited(file, credits, 7)).toEqual(file);
});
