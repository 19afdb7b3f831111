import { returnExpectedFailures } from "../../platform/threads/thread-failure.js";
import { readStoryFile } from "./read-story-file.js";

/** Reads the story in a file. Runs in a worker thread. */
export const readInThread = returnExpectedFailures(readStoryFile);
