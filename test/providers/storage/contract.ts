import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { InvalidInputError, NotFoundError } from "../../../src/platform/errors.js";
import type { BlobStorage } from "../../../src/providers/storage/storage.port.js";
import { HOSTILE_KEYS } from "./hostile-keys.js";

export interface StorageUnderTest {
  readonly storage: BlobStorage;
  /** Returns the names of the temporary files that exist now. */
  readonly leftovers: () => Promise<readonly string[]>;
}

const TYPE = { contentType: "audio/mpeg" };
const ABSENT = `shared/${"0".repeat(64)}`;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Declares the tests that every blob storage must pass. */
export function storageContract(start: () => Promise<StorageUnderTest>): void {
  const started: StorageUnderTest[] = [];
  const under = (): StorageUnderTest => {
    const [first] = started;
    if (first === undefined) throw new Error("The storage has not been started.");
    return first;
  };
  beforeAll(async () => {
    started.push(await start());
  });

  storesContent(under);
  servesRanges(under);
  forgetsContent(under);
  keepsOwnersApart(under);
  survivesCutOffs(under);
}

/** Returns the keys of an owner's blobs. */
export async function keysOf(storage: BlobStorage, owner: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(owner)) keys.push(key);
  return keys;
}

async function read(storage: BlobStorage, key: string): Promise<Buffer> {
  return buffer((await storage.open(key)).stream);
}

type Under = () => StorageUnderTest;

function storesContent(under: Under): void {
  test("stored bytes are read back under a key made from their hash", async () => {
    const bytes = randomBytes(1000);

    const stored = await under().storage.put(bytes, TYPE);

    expect(stored).toEqual({ key: `shared/${sha256(bytes)}`, sizeBytes: 1000 });
    expect(await read(under().storage, stored.key)).toEqual(bytes);
    expect(await under().storage.stat(stored.key)).toMatchObject({ sizeBytes: 1000 });
  });

  test("a stream is stored like its bytes, and leaves no temporary file", async () => {
    const parts = Array.from({ length: 40 }, () => randomBytes(65_537));
    const whole = Buffer.concat(parts);

    const stored = await under().storage.put(Readable.from(parts), TYPE);

    expect(stored).toEqual({ key: `shared/${sha256(whole)}`, sizeBytes: whole.length });
    expect((await read(under().storage, stored.key)).equals(whole)).toBe(true);
    expect(await under().leftovers()).toEqual([]);
  });

  test("an empty blob can be stored and read", async () => {
    const { key } = await under().storage.put(new Uint8Array(), TYPE);

    const { stream, ...extent } = await under().storage.open(key);

    expect(extent).toEqual({ sizeBytes: 0, start: 0, end: -1 });
    expect(await buffer(stream)).toHaveLength(0);
    await expect(under().storage.open(key, { start: 0 })).rejects.toThrow(InvalidInputError);
  });

  test("the same bytes stored twice are one blob, even at the same time", async () => {
    const bytes = randomBytes(200_000);

    const puts = Array.from({ length: 12 }, () =>
      under().storage.put(Readable.from([bytes]), { ...TYPE, owner: "twelve" }),
    );
    const keys = new Set((await Promise.all(puts)).map(({ key }) => key));
    await under().storage.put(bytes, { ...TYPE, owner: "twelve" });

    expect(await keysOf(under().storage, "twelve")).toEqual([...keys]);
    expect((await read(under().storage, [...keys].join())).equals(bytes)).toBe(true);
    expect(await under().leftovers()).toEqual([]);
  });
}

function servesRanges(under: Under): void {
  test("a range can be the first byte alone", async () => {
    const bytes = randomBytes(1500);
    const { key } = await under().storage.put(bytes, TYPE);

    const { stream, ...extent } = await under().storage.open(key, { start: 0, end: 0 });

    expect([...(await buffer(stream))]).toEqual([bytes[0]]);
    expect(extent).toEqual({ sizeBytes: 1500, start: 0, end: 0 });
  });

  test("every range returns the matching slice of the bytes", async () => {
    const bytes = randomBytes(1500);
    const { key } = await under().storage.put(bytes, TYPE);
    const range = fc.record({ start: fc.nat(1499), length: fc.integer({ min: 1, max: 2000 }) });

    await fc.assert(
      fc.asyncProperty(range, fc.boolean(), async ({ start, length }, isOpen) => {
        const end = isOpen ? undefined : start + length - 1;

        const { stream, ...extent } = await under().storage.open(key, { start, end });

        const expected = bytes.subarray(start, end === undefined ? undefined : end + 1);
        expect((await buffer(stream)).equals(expected)).toBe(true);
        expect(extent).toEqual({ sizeBytes: 1500, start, end: start + expected.length - 1 });
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    { start: 1500 },
    { start: 9_000_000, end: 9_000_001 },
    { start: -1 },
    { start: 5, end: 4 },
  ])("a range outside the blob is refused: %j", async (range) => {
    const { key } = await under().storage.put(Buffer.alloc(1500, 7), TYPE);

    await expect(under().storage.open(key, range)).rejects.toThrow(InvalidInputError);
  });
}

function forgetsContent(under: Under): void {
  test("a blob that was never stored is not found", async () => {
    await expect(under().storage.open(ABSENT)).rejects.toThrow(NotFoundError);
    await expect(under().storage.open(ABSENT, { start: 1 })).rejects.toThrow(NotFoundError);
    expect(await under().storage.stat(ABSENT)).toBeNull();
  });

  test("a deleted blob is not found, and can be deleted again", async () => {
    const { key } = await under().storage.put(randomBytes(10), TYPE);

    await under().storage.delete(key);
    await under().storage.delete(key);

    expect(await under().storage.stat(key)).toBeNull();
    await expect(under().storage.open(key)).rejects.toThrow(NotFoundError);
  });
}

function keepsOwnersApart(under: Under): void {
  test("erasing an owner deletes only that owner's blobs", async () => {
    const bytes = randomBytes(64);
    const shared = await under().storage.put(bytes, TYPE);
    const bobs = await under().storage.put(bytes, { ...TYPE, owner: "ad" });
    const adas = await Promise.all(
      Array.from({ length: 20 }, () =>
        under().storage.put(randomBytes(64), { ...TYPE, owner: "ada" }),
      ),
    );

    expect(await keysOf(under().storage, "ada")).toEqual(adas.map(({ key }) => key).sort());
    expect(await under().storage.eraseOwner("ada")).toBe(20);

    expect(await keysOf(under().storage, "ada")).toEqual([]);
    expect(await under().storage.eraseOwner("ada")).toBe(0);
    expect(await keysOf(under().storage, "ad")).toEqual([bobs.key]);
    expect(await under().storage.stat(shared.key)).toMatchObject({ sizeBytes: 64 });
  });

  test.each(["", ".", "..", "a/b", "Ada", "a b", "a\0", "-a", "é", "a".repeat(65)])(
    "an owner that is not a plain name is refused: %j",
    async (owner) => {
      await expect(under().storage.put(randomBytes(3), { ...TYPE, owner })).rejects.toThrow(
        InvalidInputError,
      );
      await expect(keysOf(under().storage, owner)).rejects.toThrow(InvalidInputError);
      await expect(under().storage.eraseOwner(owner)).rejects.toThrow(InvalidInputError);
    },
  );

  test("a hundred hostile keys name no blob", async () => {
    expect(new Set(HOSTILE_KEYS).size).toBe(100);
    for (const key of HOSTILE_KEYS) {
      expect(await under().storage.stat(key)).toBeNull();
      await expect(under().storage.open(key)).rejects.toThrow(NotFoundError);
      await expect(under().storage.delete(key)).resolves.toBeUndefined();
    }
  });
}

function survivesCutOffs(under: Under): void {
  test("content that fails halfway is not stored, and `put` throws the error of the content", async () => {
    const broken = new Error("the encoder died");
    async function* content() {
      yield randomBytes(100_000);
      throw broken;
    }

    await expect(under().storage.put(content(), { ...TYPE, owner: "broken" })).rejects.toBe(broken);

    expect(await keysOf(under().storage, "broken")).toEqual([]);
    expect(await under().leftovers()).toEqual([]);
  });

  test("an unfinished put is only a temporary file, and a sweep removes an old file", async () => {
    const started = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    async function* content() {
      yield randomBytes(1000);
      started.resolve(undefined);
      await goOn.promise;
    }
    const put = under().storage.put(content(), { ...TYPE, owner: "slow" });
    const outcome = expect(put).rejects.toMatchObject({ code: "PROVIDER_FAILED", retryable: true });
    await started.promise;

    expect(await keysOf(under().storage, "slow")).toEqual([]);
    expect(await under().leftovers()).toHaveLength(1);
    expect(await under().storage.sweep(new Date(0))).toBe(0);
    expect(await under().storage.sweep(new Date("2999-01-01"))).toBe(1);
    expect(await under().leftovers()).toEqual([]);

    goOn.resolve(undefined);
    await outcome;
  });

  test("a reader that stops early closes the stream", async () => {
    const { key } = await under().storage.put(Buffer.alloc(3_000_000, 1), TYPE);

    const { stream } = await under().storage.open(key);
    const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
    await chunks.next();
    await chunks.return?.();

    expect(stream.destroyed).toBe(true);
  });
}
