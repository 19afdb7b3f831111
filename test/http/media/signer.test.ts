import fc from "fast-check";
import { contentDisposition, safeFileName } from "../../../src/http/media/file-name.js";
import { createMediaSigner } from "../../../src/http/media/signer.js";
import { InvalidInputError } from "../../../src/platform/errors.js";
import { HOSTILE_KEYS } from "../../providers/storage/hostile-keys.js";

const SECRET = "a secret of at least thirty-two characters";
const FILE = { key: `owned/ada/${"b".repeat(64)}`, fileName: "a.mp3", contentType: "audio/mpeg" };
const HOUR_MS = 3_600_000;

const signerAt = (time: string | number, secret = SECRET) =>
  createMediaSigner({ secret, clock: { now: () => new Date(time) } });
const signAt = (time: string | number) => signerAt(time).sign(FILE);
const partsOf = (url: string): [string, Record<string, string>] => {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  return [pathname.replace("/media/", ""), Object.fromEntries(searchParams)];
};

test("a URL is identical for an hour, and then changes", () => {
  const first = signAt("2030-01-01T10:00:00.000Z");

  expect(signAt("2030-01-01T10:31:07.123Z")).toEqual(first);
  expect(signAt("2030-01-01T10:59:59.999Z")).toEqual(first);
  expect(signAt("2030-01-01T11:00:00.000Z").url).not.toBe(first.url);
  expect(first.expiresAt).toEqual(new Date("2030-01-01T12:00:00.000Z"));
});

test("a URL is valid for more than one hour and at most two", () => {
  fc.assert(
    fc.property(fc.nat(4_000_000_000), fc.nat(999), (seconds, ms) => {
      const now = seconds * 1000 + ms;
      const leftMs = signAt(now).expiresAt.getTime() - now;
      expect(leftMs).toBeGreaterThan(HOUR_MS);
      expect(leftMs).toBeLessThanOrEqual(2 * HOUR_MS);
    }),
  );
});

test("verifying returns the signed facts, for any file name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (fileName, isDownload) => {
      const signer = signerAt("2030-01-01T10:00:00Z");

      const [key, query] = partsOf(signer.sign({ ...FILE, fileName, isDownload }).url);

      expect(signer.verify(key, query)).toEqual({
        fileName: safeFileName(fileName),
        contentType: "audio/mpeg",
        isDownload,
        secondsLeft: 7200,
      });
    }),
  );
});

test("a signature with another secret is refused", () => {
  const [key, query] = partsOf(signAt("2030-01-01T10:00:00Z").url);
  const other = signerAt("2030-01-01T10:00:00Z", `${SECRET}!`);

  expect(() => other.verify(key, query)).toThrow("This server did not sign");
});

test.each([null, undefined, 1, "", [], {}, { signature: ["a", "b"] }, { expires: "1e9" }])(
  "a query without a signature is refused: %j",
  (query) => {
    expect(() => signerAt(0).verify(FILE.key, query)).toThrow("This server did not sign");
  },
);

test("a URL begins with the base URL, followed by one slash", () => {
  const clock = { now: () => new Date(0) };
  const signer = createMediaSigner({ secret: SECRET, baseUrl: "https://fabula.example/", clock });

  expect(signer.sign(FILE).url).toMatch(/^https:\/\/fabula\.example\/media\/owned\/ada\/b{64}\?/);
});

test("a short secret, an invalid content type and an invalid key are refused", () => {
  const sign = (changes: object) => () => signerAt(0).sign({ ...FILE, ...changes });

  expect(() => signerAt(0, "short")).toThrow("at least 32 characters");
  for (const contentType of ["", "audio", "audio/mpeg\r\nx: 1", "text/html, a/b", "a/b; c"]) {
    expect(sign({ contentType })).toThrow(InvalidInputError);
  }
  const paths = HOSTILE_KEYS.filter((key) => !/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(key));
  for (const key of paths) expect(sign({ key })).toThrow(InvalidInputError);
});

const NAMES = [
  "../../etc/passwd",
  "..\\..\\win.ini",
  "a\0.mp3",
  "a\r\nSet-Cookie: b=c.mp3",
  'a"; filename="evil.exe',
  "a\u202e3pm.exe",
  "\ud800.mp3",
  "\u2028\u2029",
  "/",
  "...",
  "   ",
  "",
  "\u200b",
  "C:\\x:y",
  "a;b=c%00'*",
];
const ALPHABET = [
  "\r",
  "\n",
  "\0",
  '"',
  "\\",
  "/",
  "%",
  ";",
  "\u202e",
  "\ud800",
  "é",
  "語",
  "a",
  ".",
];

test("no file name breaks a header or contains a path", () => {
  const hostile = fc.oneof(
    fc.constantFrom(...NAMES),
    fc.array(fc.constantFrom(...ALPHABET), { maxLength: 300 }).map((parts) => parts.join("")),
  );

  fc.assert(
    fc.property(hostile, (name) => {
      const safe = safeFileName(name);
      const header = contentDisposition("attachment", safe);

      expect(safe).not.toMatch(/[\p{Cc}\p{Cf}/\\"]|^\.|^$/u);
      expect([...safe].length).toBeLessThanOrEqual(120);
      expect(header).toMatch(
        /^attachment; filename="[ !#-$&-[\]-~]*"; filename\*=UTF-8''[\w.%~-]+$/,
      );
      expect(decodeURIComponent(header.split("UTF-8''")[1] ?? "")).toBe(safe);
    }),
    { numRuns: 500, examples: NAMES.map((name) => [name] as const) },
  );
});

test("a file name in any script stays readable, and a long name keeps its extension", () => {
  expect(safeFileName("Гамлет — часть 1.mp3")).toBe("Гамлет — часть 1.mp3");
  expect(contentDisposition("inline", "鴉.mp3")).toBe(
    `inline; filename="_.mp3"; filename*=UTF-8''%E9%B4%89.mp3`,
  );
  expect(safeFileName(`${"語".repeat(300)}.mp3`)).toBe(`${"語".repeat(116)}.mp3`);
});
