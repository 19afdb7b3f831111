import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { refusal } from "../../support/postgres-messages.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { endProcesses, failedStart } from "../harness/fabula.process.js";
import { Canaries } from "./canaries.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(async () => {
  endProcesses();
  await database.drop();
});

/** Returns the URL of the database with another password. */
const withPassword = (password: string, port?: string): string => {
  const url = new URL(database.appUrl);
  const [host, ownPort] = [url.hostname, url.port];
  return `postgres://${url.username}:${password}@${host}:${port ?? ownPort}${url.pathname}`;
};

type Environment = Readonly<Record<string, string>>;

const STARTS: readonly [
  what: string,
  environment: (canary: string) => Environment,
  says: RegExp,
][] = [
  [
    "a wrong password in DATABASE_URL",
    (canary) => ({ DATABASE_URL: withPassword(canary) }),
    /^Cannot reach the database .*password authentication failed/m,
  ],
  [
    "a wrong password in DIRECT_DATABASE_URL",
    (canary) => ({ DIRECT_DATABASE_URL: withPassword(canary) }),
    /^Cannot reach the database .*password authentication failed/m,
  ],
  [
    "a wrong password in MIGRATION_DATABASE_URL",
    (canary) => ({ MIGRATION_DATABASE_URL: withPassword(canary) }),
    /^Cannot reach the database .*password authentication failed/m,
  ],
  [
    "a server that is not there",
    (canary) => ({ DATABASE_URL: withPassword(canary, "1") }),
    /^Cannot reach the database .*ECONNREFUSED/m,
  ],
  [
    "a password that is not valid percent encoding",
    (canary) => ({ DATABASE_URL: withPassword(`%zz${canary}`) }),
    /^DATABASE_URL has a % that encodes nothing;/m,
  ],
  [
    "a password with a slash",
    (canary) => ({ DATABASE_URL: withPassword(`/${canary}`) }),
    /^DATABASE_URL has an @ after the host;/m,
  ],
  [
    "a secret that is too short",
    (canary) => ({ AUTH_SECRET: canary }),
    /^AUTH_SECRET must have at least 32 characters/m,
  ],
  [
    "a storage without a bucket",
    (canary) => ({ S3_ENDPOINT: "https://s3.test", S3_SECRET_ACCESS_KEY: canary }),
    /^S3_ENDPOINT is set; set S3_BUCKET too/m,
  ],
  ["an unknown log level", (canary) => ({ LOG_LEVEL: canary }), /^LOG_LEVEL /m],
];

test.each(STARTS)("the start with %s ends without the value", async (_what, environment, says) => {
  const canaries = new Canaries();

  const { code, text } = await failedStart(database, environment(canaries.of("the value")));

  expect(code).toBe(1);
  expect(text).toMatch(says);
  expect(canaries.foundIn(text)).toEqual([]);
});

test("a server that repeats the password does not bring it into the output", async () => {
  const canaries = new Canaries();
  const password = canaries.of("password");
  const server = createServer((socket) => {
    socket.once("data", () => socket.end(refusal(`The password ${password} is wrong.`)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = String((server.address() as AddressInfo).port);

  const { code, text } = await failedStart(database, {
    DATABASE_URL: withPassword(password, port),
    MIGRATION_DATABASE_URL: withPassword(password, port),
  });

  expect(code).toBe(1);
  expect(text).toMatch(/^Cannot reach the database .*\(08P01\)/m);
  expect(canaries.foundIn(text)).toEqual([]);
  server.close();
});
