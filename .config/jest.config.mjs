export default {
  rootDir: "..",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // npm run test:slow runs these: they kill processes, or speak and decode minutes of sound.
  testPathIgnorePatterns: ["\\.slow\\.test\\.ts$"],
  testEnvironment: "<rootDir>/test/support/environment.mjs",
  // Tests spend more time waiting for PostgreSQL and child processes than computing.
  maxWorkers: 3,
  // A test that starts a server takes a second, and much longer on a busy machine.
  testTimeout: 60_000,
  globalSetup: "<rootDir>/test/support/global-setup.mjs",
  globalTeardown: "<rootDir>/test/support/global-teardown.mjs",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "^.+\\.ts$": ["@swc/jest", {}] },
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
};
