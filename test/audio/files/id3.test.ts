import NodeId3 from "node-id3";
import { type Chapter, writeId3Tag } from "../../../src/audio/files/id3.js";

const chaptersOf = (count: number): Chapter[] =>
  Array.from({ length: count }, (_, index) => ({
    title: index % 3 === 0 ? "Letter" : `Chapter ${index}`,
    startMs: index * 1000,
    endMs: index * 1000 + 1000,
  }));

interface Contents {
  readonly isTopLevel: boolean;
  readonly isOrdered: boolean;
  readonly children: readonly string[];
}

interface Tag {
  readonly contents: ReadonlyMap<string, Contents>;
  readonly chapters: ReadonlyMap<string, Chapter>;
}

/** Reads a tag by the ID3v2.4 standard and its addendum for chapters. */
function parsed(tag: Uint8Array): Tag {
  const bytes = Buffer.from(tag.buffer, tag.byteOffset, tag.length);
  const contents = new Map<string, Contents>();
  const chapters = new Map<string, Chapter>();
  for (const { id, body } of framesIn(bytes.subarray(10))) {
    if (id === "TIT2") continue;
    const [element, rest] = zeroEnded(body);
    if (id === "CTOC") {
      expect(contents.has(element)).toBe(false);
      contents.set(element, contentsIn(rest));
    } else {
      expect(id).toBe("CHAP");
      const [name] = framesIn(rest.subarray(16));
      const title = name?.body.subarray(1).toString("utf8") ?? "";
      chapters.set(element, { title, startMs: rest.readUInt32BE(0), endMs: rest.readUInt32BE(4) });
    }
  }
  return { contents, chapters };
}

function contentsIn(rest: Buffer): Contents {
  const flags = rest.readUInt8(0);
  const count = rest.readUInt8(1);
  const children: string[] = [];
  let left = rest.subarray(2);
  while (children.length < count) {
    const [child, after] = zeroEnded(left);
    children.push(child);
    left = after;
  }
  expect(left).toHaveLength(0);
  return { isTopLevel: (flags & 2) !== 0, isOrdered: (flags & 1) !== 0, children };
}

function* framesIn(bytes: Buffer): Generator<{ readonly id: string; readonly body: Buffer }> {
  for (let at = 0; at < bytes.length;) {
    const size = [4, 5, 6, 7].reduce((sum, place) => sum * 128 + (bytes[at + place] ?? 0), 0);
    yield {
      id: bytes.toString("latin1", at, at + 4),
      body: bytes.subarray(at + 10, at + 10 + size),
    };
    at += 10 + size;
  }
}

function zeroEnded(bytes: Buffer): readonly [string, Buffer] {
  const end = bytes.indexOf(0);
  return [bytes.toString("latin1", 0, end), bytes.subarray(end + 1)];
}

/** Returns the chapters in the order of the table of contents, from the only table of the top level. */
function listed({ contents, chapters }: Tag): readonly Chapter[] {
  const tops = [...contents].filter(([, { isTopLevel }]) => isTopLevel);
  expect(tops.map(([id]) => id)).toEqual(["toc"]);
  expect([...contents.values()].every(({ isOrdered }) => isOrdered)).toBe(true);
  const walk = (id: string): readonly Chapter[] => {
    const chapter = chapters.get(id);
    return chapter ? [chapter] : (contents.get(id)?.children ?? []).flatMap(walk);
  };
  return walk("toc");
}

test.each([1, 255, 256, 300, 70_000])(
  "%i chapters read back in order, with equal titles",
  (count) => {
    const chapters = chaptersOf(count);

    const tag = parsed(writeId3Tag("A Book", chapters));

    expect(listed(tag)).toEqual(chapters);
    expect(tag.chapters.size).toBe(count);
  },
);

test("a short book has one table of contents", () => {
  expect(parsed(writeId3Tag("A Book", chaptersOf(255))).contents.size).toBe(1);
});

test("a title without chapters has no table of contents", () => {
  expect(parsed(writeId3Tag("A Book", [])).contents.size).toBe(0);
});

test("another reader finds the chapters of a long book, too", () => {
  const { title, chapter = [] } = NodeId3.read(Buffer.from(writeId3Tag("A Book", chaptersOf(300))));

  expect(title).toBe("A Book");
  expect(chapter.map(({ startTimeMs }) => startTimeMs)).toEqual(
    chaptersOf(300).map(({ startMs }) => startMs),
  );
});
