import { bundledPackages } from "./test-packages.mjs";

export const sourceFiles = { "^(\\.{1,2}/.*)\\.js$": "$1" };

export default {
  rootDir: "..",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // `npm run test:slow` runs these tests. They start or kill processes, read whole books, speak
  // minutes of sound, or wait for the polls of a job queue.
  testPathIgnorePatterns: ["\\.slow\\.test\\.ts$"],
  testEnvironment: "<rootDir>/test/support/environment.mjs",
  // More workers than cores are useful, because tests mostly wait for PostgreSQL and child
  // processes.
  maxWorkers: 3,
  // A worker that ran many suites frees a large heap before it ends. Jest's default is 500 ms.
  workerGracefulExitTimeout: 10_000,
  // A test that starts a server takes a second. On a busy machine it takes much longer.
  testTimeout: 60_000,
  globalSetup: "<rootDir>/test/support/global-setup.mjs",
  globalTeardown: "<rootDir>/test/support/global-teardown.mjs",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "^.+\\.ts$": ["@swc/jest", {}] },
  moduleNameMapper: { ...bundledPackages, ...sourceFiles },
};
