import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { wholeStream } from "../../../src/providers/storage/whole-stream.js";

const parts = (...sizes: number[]): Readable =>
  Readable.from(sizes.map((size) => Buffer.alloc(size)));

test("what is whole passes, in the pieces it came in", async () => {
  const stream = wholeStream(parts(3, 4), "k", 7);

  expect(await buffer(stream)).toHaveLength(7);
});

test.each([6, 8])("what is not as long as promised fails: %d bytes", async (promised) => {
  await expect(buffer(wholeStream(parts(3, 4), "k", promised))).rejects.toThrow(
    `Blob k broke off after 7 of ${promised} bytes; read it again.`,
  );
});

test("the source's error becomes the storage's, which may be tried again", async () => {
  const cause = new Error("socket closed");
  const source = new Readable({
    read() {
      this.destroy(cause);
    },
  });

  await expect(buffer(wholeStream(source, "k", 7))).rejects.toMatchObject({
    code: "PROVIDER_FAILED",
    retryable: true,
    cause,
  });
});

test("who stops reading stops the source, also one that has not begun", async () => {
  const source = new Readable({ read: () => undefined });
  const stream = wholeStream(source, "k", 7);
  const closed = once(source, "close");

  stream.destroy();
  await closed;

  expect(source.destroyed).toBe(true);
});
