import { TestEnvironment } from "jest-environment-node";

// When this event comes, the jest worker has closed every handle. Without the explicit exit, Node would
// first free the heaps of all test files. This takes longer than the 500 ms that jest gives a worker to
// end.
process.once("beforeExit", () => {
  process.exit();
});

export default TestEnvironment;
