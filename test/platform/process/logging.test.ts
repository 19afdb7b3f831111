import { readFileSync, statSync } from "node:fs";
import { ConflictError, ProviderError } from "../../../src/platform/errors.js";
import { createLogger } from "../../../src/platform/process/logging.js";
import { type TestApp, testApp } from "../../support/app.js";
import { fromSetup } from "../../support/test-database.js";

const CANARY = "canary7f3k";
const SERVER_LOG = fromSetup("TEST_PG_LOG");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.superuser(`
    CREATE TABLE platform.cages (name text UNIQUE NOT NULL, size varchar(3), CHECK (name <> 'no'));
    CREATE TABLE platform.birds (name text REFERENCES platform.cages (name));
    INSERT INTO platform.cages VALUES ('${CANARY}');
    CREATE FUNCTION platform.tell(words text) RETURNS void LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'heard %', words USING DETAIL = words, HINT = words; END $$;
    GRANT ALL ON platform.cages, platform.birds TO fabula_app;
    CREATE TABLE platform.forbidden (name text)`);
});
afterAll(() => app.close());

/** Returns two loggers and the text that they wrote. One logger writes JSON, the other plain text. */
function logBook() {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const logs = [true, false].map((isProduction) =>
    createLogger({ logLevel: "debug", isProduction, write }),
  );
  return {
    text: () => lines.join(""),
    error: (facts: object) => {
      for (const log of logs) {
        log.error(facts, "It failed");
        const unlisted: object = { failure: { deep: [facts] } };
        log.warn(unlisted, "It failed");
        // JavaScript may leave out the message.
        Reflect.apply(log.error, log, [facts]);
      }
    },
  };
}

const failure = (sql: string, values: unknown[] = []): Promise<unknown> =>
  app.database
    .write(CANARY, (tx) => tx.query(sql, values))
    .then(
      () => {
        throw new Error(`The statement did not fail: ${sql}`);
      },
      (error: unknown) => error,
    );

const STATEMENTS: readonly [state: string, sql: string, values: unknown[]][] = [
  ["22P02", "SELECT $1::integer", [CANARY]],
  ["22P02", "SELECT $1::jsonb", [`{"${CANARY}`]],
  ["23505", "INSERT INTO platform.cages VALUES ($1)", [CANARY]],
  ["23502", "INSERT INTO platform.cages VALUES (NULL, $1)", [CANARY.slice(0, 3)]],
  ["23514", "INSERT INTO platform.cages VALUES ('no')", []],
  ["23503", "INSERT INTO platform.birds VALUES ($1)", [`${CANARY}!`]],
  ["22001", "INSERT INTO platform.cages VALUES ('a', $1)", [CANARY]],
  ["22007", "SELECT $1::timestamptz", [CANARY]],
  ["22023", "SELECT set_config('statement_timeout', $1, true)", [CANARY]],
  ["P0001", "SELECT platform.tell($1)", [CANARY]],
  ["42703", `SELECT nothing FROM platform.cages WHERE name = '${CANARY}'`, []],
  ["42601", `SELECT 'it''s ${CANARY}' FROM FROM $tag$${CANARY}$tag$ -- ${CANARY}`, []],
  ["42501", "INSERT INTO platform.forbidden VALUES ($1)", [CANARY]],
  ["57014", `DO $$ BEGIN RAISE EXCEPTION '${CANARY}' USING ERRCODE = 'query_canceled'; END $$`, []],
];

test.each(STATEMENTS)(
  "a statement that fails with %s is logged without values",
  async (_state, sql, values) => {
    const book = logBook();
    const start = statSync(SERVER_LOG).size;
    const error = await failure(sql, values);

    book.error({ err: error });
    book.error({ err: new AggregateError([error, new Error(CANARY, { cause: error })], CANARY) });
    book.error({ err: new ConflictError(`“${CANARY}” is taken.`, null, { cause: error }) });
    book.error(error as Error);

    expect(book.text()).not.toContain(CANARY);
    expect(readFileSync(SERVER_LOG).subarray(start).toString("utf8")).not.toContain(CANARY);
  },
);

test("the log names the job that failed, its payload and its error id", () => {
  const book = logBook();
  const errorId = "2f0f5c9e-0c4b-4c5e-9d57-3a3f7f1f2b11";

  book.error({
    job: "render-narration",
    payload: { narrationId: "12", attempt: 3 },
    try: 2,
    errorId,
  });

  for (const fact of ["render-narration", "narrationId", "12", "attempt", errorId])
    expect(book.text()).toContain(fact);
});

test("the log names what failed: the SQLSTATE, the constraint, the statement and the place", async () => {
  const book = logBook();

  book.error({ err: await failure("SELECT tell_nothing(name, $1) FROM platform.cages", [CANARY]) });
  book.error({ err: await failure("INSERT INTO platform.cages VALUES ($1)", [CANARY]) });

  expect(book.text()).toContain("42883");
  expect(book.text()).toContain("undefined function");
  expect(book.text()).toContain("SELECT tell_nothing(name, $1) FROM platform.cages");
  expect(book.text()).toContain("cages_name_key");
  expect(book.text()).toMatch(/ at .*logging\.test/);
});

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test.each<[kind: string, facts: () => object]>([
  ["JSON that cannot be parsed", () => ({ err: thrown(() => JSON.parse(CANARY)) })],
  ["a URL that cannot be parsed", () => ({ err: thrown(() => new URL(`//:${CANARY}@`)) })],
  [
    "a message with lines like frames",
    () => ({ err: new Error(`x\n    at ${CANARY} (/a.js:1:1)`) }),
  ],
  [
    "fields of a library's error",
    () => ({ err: Object.assign(new Error("x"), { body: CANARY, code: `E ${CANARY}` }) }),
  ],
  [
    "a provider's message that quotes the text",
    () => ({
      err: new ProviderError(`flite ended on ${JSON.stringify(`say "${CANARY}"`)}.`, false),
    }),
  ],
  [
    "a message whose quoted words contain quotation marks",
    () => ({ err: new ConflictError(`“A ” ${CANARY}” is rendering; see “this ” ${CANARY}”.`) }),
  ],
  [
    "the payload of a job",
    () => ({ payload: { [CANARY]: 1, userId: CANARY, analysisId: CANARY } }),
  ],
  ["a field that no line has", () => ({ [CANARY]: 1, title: CANARY, job: `${CANARY}!` })],
  ["headers", () => ({ request: { headers: { authorization: CANARY, cookie: CANARY } } })],
  ["GraphQL variables", () => ({ variables: { content: CANARY } })],
  ["a failure that a job keeps", () => ({ message: `The story “${CANARY}” failed.` })],
])("%s is logged without its words", (_kind, facts) => {
  const book = logBook();

  book.error(facts());

  expect(book.text()).not.toContain(CANARY);
});
