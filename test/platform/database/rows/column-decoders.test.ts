import fc from "fast-check";
import pg from "pg";
import { decoderOf } from "../../../../src/platform/database/rows/column-decoders.js";

const { BOOL, INT2, INT4, INT8, OID, FLOAT4, FLOAT8, NUMERIC, TEXT, JSONB, TIMESTAMPTZ } =
  pg.types.builtins;

/** Decodes a text between other texts. */
function decoded(type: number, text: string): unknown {
  const before = Buffer.from("9".repeat(text.length % 5));
  const bytes = Buffer.concat([before, Buffer.from(text), Buffer.from("99+00")]);
  return decoderOf(type).decode(bytes, before.length, before.length + Buffer.byteLength(text));
}

const parserOf = pg.types.getTypeParser as (type: number) => (text: string) => unknown;

function expectSame(type: number, text: string): void {
  const value = decoded(type, text);
  const expected = parserOf(type)(text);
  // Object.is, which toBe uses, tells -0 from 0.
  if (typeof expected === "object") expect(value).toEqual(expected);
  else expect(value).toBe(expected);
}

/** Expects that all texts of a kind decode as in the driver. */
function expectAllSame(type: number, texts: fc.Arbitrary<string>): void {
  fc.assert(
    fc.property(texts, (text) => {
      expectSame(type, text);
    }),
    { numRuns: 2_000 },
  );
}

test("whole numbers decode as in the driver", () => {
  for (const text of ["0", "-1", "2147483647", "-2147483648"]) expectSame(INT4, text);
  expectAllSame(INT2, fc.integer({ min: -32_768, max: 32_767 }).map(String));
  expectAllSame(INT4, fc.integer().map(String));
  expectAllSame(OID, fc.integer({ min: 0, max: 0xffff_ffff }).map(String));
  expectAllSame(INT8, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String));
});

test("fractions decode as in the driver", () => {
  for (const text of ["-0", "0.5", "-0.25", "1e-05", "1e+300", "NaN", "Infinity", "-Infinity"])
    for (const type of [FLOAT4, FLOAT8, NUMERIC]) expectSame(type, text);
  expectAllSame(FLOAT8, fc.double().map(String));
  expectAllSame(FLOAT4, fc.float().map(String));
  const digits = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
  const points = fc.integer({ min: 1, max: 16 });
  expectAllSame(
    FLOAT8,
    fc.tuple(digits, points).map(([number, point]) => withPoint(String(number), point)),
  );
});

function withPoint(digits: string, point: number): string {
  const [, sign = "", rest = ""] = /^(-?)(\d+)$/.exec(digits) ?? [];
  const padded = rest.padStart(point + 1, "0");
  return `${sign}${padded.slice(0, -point)}.${padded.slice(-point)}`;
}

test("times decode as in the driver", () => {
  const unusual = [
    "infinity",
    "-infinity",
    "0044-03-15 12:00:00+00 BC",
    "0099-12-31 23:59:59.5+00",
    "0100-01-01 00:00:00+00",
    "10000-01-01 00:00:00+00",
    "275000-12-31 23:59:59.999999+00",
    "2026-01-02 03:04:05+01",
    "2026-01-02 03:04:05.25-03:30",
    "1890-01-01 00:00:00.1+00:53:28",
    "2024-02-29 23:59:60+00",
  ];
  for (const text of unusual) expectSame(TIMESTAMPTZ, text);
  const fractions = fc.stringMatching(/^(\.\d{1,6})?$/);
  const seconds = fc.date({
    noInvalidDate: true,
    min: new Date("0100-01-01"),
    max: new Date("9999-12-31"),
  });
  expectAllSame(
    TIMESTAMPTZ,
    fc
      .tuple(seconds, fractions)
      .map(
        ([date, fraction]) => `${date.toISOString().slice(0, 19).replace("T", " ")}${fraction}+00`,
      ),
  );
});

test("other values decode as in the driver", () => {
  for (const text of ["t", "f"]) expectSame(BOOL, text);
  expectAllSame(TEXT, fc.string({ unit: "grapheme" }));
  expectAllSame(JSONB, fc.json());
});
