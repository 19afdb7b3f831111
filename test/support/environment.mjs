import { TestEnvironment } from "jest-environment-node";

// A worker that reaches this point has closed every handle. Without the explicit exit, Node first frees
// the heaps of all test files, which takes longer than the 500 ms that jest gives a worker to end.
process.once("beforeExit", () => {
  process.exit();
});

export default TestEnvironment;
