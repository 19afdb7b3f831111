import fast from "./jest.config.mjs";

export default {
  ...fast,
  testMatch: ["**/*.slow.test.ts"],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
};
