import { readFile } from "node:fs/promises";
import vm from "node:vm";

const PAGE = new URL("../../../CLIENTS.md", import.meta.url);

/** Returns the code of CLIENTS.md in one language, in order. */
export async function codeOf(language: "js" | "graphql"): Promise<string[]> {
  const page = await readFile(PAGE, "utf8");
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    ([, code = ""]) => code,
  );
}

/** Runs a module of the page. Returns what the module exports, of which there is one. */
export function run(code: string, imported: Readonly<Record<string, unknown>>): unknown {
  const body = code.replaceAll(/^import .*$/gm, "").replace(/^export const \w+ =/m, "return");
  const compiled = vm.compileFunction(body, Object.keys(imported));
  return Reflect.apply(compiled, undefined, Object.values(imported));
}
