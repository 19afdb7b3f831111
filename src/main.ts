/** The server process. The code of the process is in main/server.ts. */
import { START } from "./cli/lines.js";
import { keepCompiledCode } from "./platform/process/compile-cache.js";
import { readOwnWords } from "./platform/command-line/script.js";

readOwnWords(START);
keepCompiledCode();
await import("./main/server.js");
