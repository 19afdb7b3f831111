import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { wholeStream } from "../../../src/providers/storage/whole-stream.js";

const parts = (...sizes: number[]): Readable =>
  Readable.from(sizes.map((size) => Buffer.alloc(size)));

test("a complete stream passes through unchanged", async () => {
  const stream = wholeStream(parts(3, 4), "k", 7);

  expect(await buffer(stream)).toHaveLength(7);
});

test.each([6, 8])(
  "a stream with another length than promised fails: %d bytes",
  async (promised) => {
    await expect(buffer(wholeStream(parts(3, 4), "k", promised))).rejects.toThrow(
      `Blob k ended after 7 of ${promised} bytes; read it again.`,
    );
  },
);

test("an error of the source becomes a retryable storage error", async () => {
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

test("destroying the stream destroys the source, even before the first read", async () => {
  const source = new Readable({ read: () => undefined });
  const stream = wholeStream(source, "k", 7);
  const closed = once(source, "close");

  stream.destroy();
  await closed;

  expect(source.destroyed).toBe(true);
});
