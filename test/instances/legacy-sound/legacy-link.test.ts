import {
  addressOf,
  leadsElsewhere,
  linkInItem,
  linkOfItem,
  parseLegacyLink,
  soundIdIn,
} from "../../../src/instances/legacy-sound/legacy-link.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const WAV = "data:audio/wav;base64,UklGRg==";
const sound = (id: string) => ({ kind: "sound", id });
const relative = (path: string) => ({ kind: "relative", path });
const web = (url: string) => ({ kind: "web", url });

const LINKS: readonly (readonly [string | null, unknown])[] = [
  ["audio://12", sound("12")],
  [" \t\r\naudio://12\n ", sound("12")],
  ["audio://007", sound("7")],
  ["audio://999999999999999999", sound("999999999999999999")],
  ["audio://9999999999999999999", null],
  ["audio://", null],
  ["audio://-1", null],
  ["audio://1/2", null],
  ["\u00a0audio://12", relative("\u00a0audio://12")],
  ["https://old.example/a.mp3", web("https://old.example/a.mp3")],
  [" HTTP://old.example/a.mp3 ", web("HTTP://old.example/a.mp3")],
  ["https://old.example/a b.mp3", web("https://old.example/a%20b.mp3")],
  ["https://", null],
  ["http:old.example", null],
  ["/a/b.mp3", relative("/a/b.mp3")],
  ["a/b:c.mp3", relative("a/b:c.mp3")],
  ["//other.example/a.mp3", relative("//other.example/a.mp3")],
  [WAV, { kind: "data", url: WAV, contentType: "audio/wav" }],
  [
    "DATA:Audio/MPEG;codecs=x,abc",
    { kind: "data", url: "DATA:Audio/MPEG;codecs=x,abc", contentType: "audio/mpeg" },
  ],
  ["data:video/webm,abc", { kind: "data", url: "data:video/webm,abc", contentType: "video/webm" }],
  ["data:text/html,<script>", null],
  ["data:audio/,abc", null],
  ["data:,abc", null],
  ["javascript:alert(1)", null],
  [" JavaScript:alert(1)", null],
  ["file:///etc/passwd", null],
  ["ftp://old.example/a.mp3", null],
  ["blob:https://old.example/1", null],
  ["", null],
  [" \n", null],
  [null, null],
];

test.each(LINKS)("the link %j is read", (link, expected) => {
  expect(parseLegacyLink(link)).toEqual(expected);
});

test("the database finds the same ids in links", async () => {
  const rows = await database.superuser<{ link: string | null; id: string | null }>(
    `SELECT l.link, ${soundIdIn("l.link")} AS id FROM jsonb_array_elements_text($1) l (link)`,
    [JSON.stringify(LINKS.map(([link]) => link))],
  );

  expect(rows).toEqual(
    LINKS.map(([link]) => {
      const parsed = parseLegacyLink(link);
      return { link, id: parsed?.kind === "sound" ? parsed.id : null };
    }),
  );
});

test("the database finds the same links that lead elsewhere", async () => {
  const rows = await database.superuser<{ link: string | null; leads: boolean | null }>(
    `SELECT l.link, ${leadsElsewhere("l.link")} AS leads FROM jsonb_array_elements_text($1) l (link)`,
    [JSON.stringify(LINKS.map(([link]) => link))],
  );

  // The database does not parse addresses and content types. What it lets through is parsed again later.
  const unparsed = ["https://", "data:audio/,abc"];
  expect(rows.filter(({ link }) => !unparsed.includes(link ?? ""))).toEqual(
    LINKS.filter(([link]) => !unparsed.includes(link ?? "")).map(([link]) => {
      const kind = parseLegacyLink(link)?.kind;
      return { link, leads: link === null ? null : kind !== undefined && kind !== "sound" };
    }),
  );
});

test("the database finds the same links of items", async () => {
  const items = [{ audioUrl: "a" }, [{ audioUrl: "a" }], {}, [], [null], null, [{ text: 1 }]];
  const rows = await database.superuser(
    `SELECT ${linkOfItem("i.extra")} AS link FROM jsonb_array_elements($1) i (extra)`,
    [JSON.stringify(items)],
  );

  expect(rows).toEqual(items.map((item) => ({ link: linkInItem(item) })));
});

test.each([
  ["/a/b.mp3", "https://old.example", "https://old.example/a/b.mp3"],
  ["a/b.mp3", "https://old.example/", "https://old.example/a/b.mp3"],
  ["/a/b.mp3", "https://old.example/media/", "https://old.example/media/a/b.mp3"],
  ["a b.mp3?x=1", "http://old.example:8080", "http://old.example:8080/a%20b.mp3?x=1"],
  ["//other.example/a.mp3", "https://old.example/media", "https://other.example/a.mp3"],
  ["java\tscript:alert(1)", "https://old.example", "https://old.example/javascript:alert(1)"],
  ["../../a.mp3", "https://old.example/media", "https://old.example/a.mp3"],
  ["//[", "https://old.example", null],
  ["/a/b.mp3", null, null],
])("the relative link %j on %j is %j", (path, mediaUrl, address) => {
  expect(addressOf({ kind: "relative", path }, mediaUrl)).toBe(address);
});

test("a data link of many megabytes is read at once", () => {
  const url = `data:audio/wav;base64,${"A".repeat(20_000_000)}`;

  const started = process.cpuUsage();
  const link = parseLegacyLink(`\n${url}\n`);
  const { user } = process.cpuUsage(started);

  expect(link).toMatchObject({ kind: "data", contentType: "audio/wav" });
  expect(user).toBeLessThan(1_000_000);
});

test.each([
  [{ audioUrl: "audio://1" }, "audio://1"],
  [[{ audioUrl: "audio://1" }], "audio://1"],
  [{ audioUrl: 1 }, null],
  [{}, null],
  [[], null],
  [[null], null],
  [null, null],
])("the item %j has the link %j", (extra, link) => {
  expect(linkInItem(extra)).toBe(link);
});
