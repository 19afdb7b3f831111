import "reflect-metadata";
import fc from "fast-check";
import { graphql } from "graphql";
import { type BoundList, decodeCursor, encodeCursor } from "../../../src/graphql/relay/cursor.js";
import { pageRequestOf } from "../../../src/graphql/relay/pagination.js";
import { useIdKey } from "../../../src/graphql/relay/id-key.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { InvalidInputError } from "../../../src/platform/errors.js";
import { flite } from "../../../src/providers/speech/flite/flite.js";
import { VoiceCatalogue } from "../../../src/providers/speech/speech.port.js";
import { testIdKey } from "../../support/id-key.js";

useIdKey(testIdKey());

const stories: BoundList = {
  name: "Query.stories",
  place: { sort: "timestamptz", id: "integer" },
  filter: { genres: ["fable"], order: "recent" },
};
const place = { sort: "2026-11-22 12:58:34.045123+00", id: "12" };

test("encodes and decodes a cursor", () => {
  expect(decodeCursor(stories, encodeCursor(stories, place), "after")).toEqual(place);
});

test.each([
  ["list", { ...stories, name: "User.stories" }],
  ["filter", { ...stories, filter: { genres: ["horror"], order: "recent" } }],
  ["order", { ...stories, filter: { genres: ["fable"], order: "oldest" } }],
])("refuses a cursor of another %s", (_what, other: BoundList) => {
  const cursor = encodeCursor(other, place);

  expect(() => decodeCursor(stories, cursor, "after")).toThrow(
    new InvalidInputError(
      "after is not a cursor of Query.stories with this order and filter. Start again without after.",
      ["after"],
    ),
  );
});

test.each([
  ["a day that does not exist", "2026-02-30 12:00:00+00"],
  ["the timestamp infinity", "infinity"],
  ["an hour that does not exist", "2026-02-03 24:00:00+00"],
  ["SQL", "2026-02-03 12:00:00+00'); --"],
])("refuses a sort value with %s, even from this server", (_what, sort) => {
  const cursor = encodeCursor(stories, { sort, id: "12" });

  expect(() => decodeCursor(stories, cursor, "after")).toThrow(InvalidInputError);
});

test.each(["2147483648", "1.5", "", "x"])("refuses a cursor with %j as an integer id", (id) => {
  const cursor = encodeCursor(stories, { sort: place.sort, id });

  expect(() => decodeCursor(stories, cursor, "after")).toThrow(InvalidInputError);
});

test("a cursor shows neither the id nor the number of its digits", () => {
  const cursors = ["7", "7777777"].map((id) => encodeCursor(stories, { ...place, id }));

  expect(new Set(cursors.map((cursor) => cursor.length)).size).toBe(1);
  for (const cursor of cursors) {
    expect(cursor + Buffer.from(cursor, "base64url").toString()).not.toMatch(/7777|2026/);
  }
});

test("refuses a cursor of an earlier version, from which anybody could read the id", () => {
  const earlier = { v: 1, s: place.sort, i: place.id, c: "0000000000000000" };
  const cursor = Buffer.from(JSON.stringify(earlier), "utf8").toString("base64url");

  expect(() => decodeCursor(stories, cursor, "after")).toThrow("Start again without after.");
});

test("refuses every modified cursor as invalid input", () => {
  const cursor = encodeCursor(stories, place);
  const changed = fc
    .tuple(fc.nat(cursor.length), fc.nat(3), fc.string({ unit: "binary", maxLength: 4 }))
    .map(([at, cut, put]) => cursor.slice(0, at) + put + cursor.slice(at + cut))
    .filter((text) => text !== cursor);

  fc.assert(
    fc.property(fc.oneof(changed, fc.string()), (text) => isRefused(text)),
    { numRuns: 10_000 },
  );
});

function isRefused(text: string): boolean {
  try {
    decodeCursor(stories, text, "after");
    return false;
  } catch (error) {
    return error instanceof InvalidInputError;
  }
}

test.each([0, -1, 101, 1000])("refuses first: %d", (first) => {
  expect(() => pageRequestOf(stories, { first })).toThrow(
    new InvalidInputError("first must be between 1 and 100.", ["first"]),
  );
});

test("a page has 20 entries without first and last", () => {
  expect(pageRequestOf(stories, {})).toEqual({ limit: 20 });
  expect(pageRequestOf(stories, { first: null })).toEqual({ limit: 20 });
  expect(pageRequestOf(stories, { last: 3 })).toEqual({ limit: 3, fromEnd: true });
  expect(() => pageRequestOf(stories, { first: 1, last: 1 })).toThrow(
    "either first or last, not both",
  );
});

describe("the list of voices", () => {
  const schema = buildFabulaSchema();
  const contextValue = {
    services: { voices: new VoiceCatalogue([flite]) },
    ownVoices: async () => [],
  };
  const page = async (args: string) => {
    const source = `{ voices(${args}) { totalCount edges { node { id } } pageInfo { endCursor hasNextPage } } }`;
    const { data, errors } = await graphql({ schema, source, contextValue });
    if (errors?.[0]) throw errors[0];
    return (data as unknown as { voices: VoicePage }).voices;
  };

  test("returns each voice once, page by page", async () => {
    const seen: string[] = [];
    let after = "";
    let hasNextPage = true;
    while (hasNextPage) {
      const voices = await page(`first: 4${after}`);
      seen.push(...voices.edges.map(({ node }) => node.id));
      ({ hasNextPage } = voices.pageInfo);
      after = `, after: "${voices.pageInfo.endCursor}"`;
    }

    const all = await page("first: 100");
    expect(seen).toEqual(all.edges.map(({ node }) => node.id));
    expect(new Set(seen).size).toBe(all.totalCount);
  });

  test("goes on behind the voice of the cursor, also after the list has changed", async () => {
    const first = await page("first: 3");
    const all = await page("first: 100");
    const changed = { id: "vendor", listVoices: () => flite.listVoices().slice(1) };
    const contextAfter = {
      ...contextValue,
      services: { voices: new VoiceCatalogue([changed]) },
    };
    const source = `{ voices(first: 2, after: "${first.pageInfo.endCursor}") { edges { node { id } } } }`;

    const { data } = await graphql({ schema, source, contextValue: contextAfter });

    const { edges } = (data as unknown as { voices: VoicePage }).voices;
    expect(edges).toEqual(all.edges.slice(3, 5));
  });

  test("applies its filter, and a cursor is valid only with the same filter", async () => {
    const women = await page("filter: { gender: FEMALE }, first: 1");

    expect(women.totalCount).toBe(4);
    await expect(page(`first: 1, after: "${women.pageInfo.endCursor}"`)).rejects.toThrow(
      "after is not a cursor of Query.voices",
    );
  });

  interface VoicePage {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  }
});
