/** A separate worker process. The code of the process is in main/worker.ts. */
import { keepCompiledCode } from "./platform/compile-cache.js";

keepCompiledCode();
await import("./main/worker.js");
