import module from "node:module";
import { fileURLToPath } from "node:url";

/** Beside the built code, so that only who may change the code may change the cache. A build deletes it. */
const FOLDER = fileURLToPath(new URL("../../../.compiled", import.meta.url));

/**
 * Keeps the compiled code of this process for its next start. Call this before the import of other code.
 * If the folder cannot be written, or its files are damaged, the process compiles its code as without it.
 */
export function keepCompiledCode(): void {
  // An old Node has no cache. The process then says which Node it needs.
  (module as Partial<typeof module>).enableCompileCache?.(FOLDER);
}
