import fast, { sourceFiles } from "./jest.config.mjs";

export default {
  ...fast,
  testMatch: ["**/*.slow.test.ts"],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
  // Some suites load packages of other servers and clients in CommonJS, which cannot require our bundles.
  moduleNameMapper: sourceFiles,
};
