/** A separate worker process. The code of the process is in main/worker.ts. */
import { WORKER } from "./cli/lines.js";
import { keepCompiledCode } from "./platform/process/compile-cache.js";
import { readOwnWords } from "./platform/command-line/script.js";

readOwnWords(WORKER);
keepCompiledCode();
await import("./main/worker.js");
