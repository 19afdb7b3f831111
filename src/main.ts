/** The server process. The code of the process is in main/server.ts. */
import { keepCompiledCode } from "./platform/compile-cache.js";

keepCompiledCode();
await import("./main/server.js");
