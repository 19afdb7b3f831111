// Compiles a small client program with the types of each generator: npm run consumers
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

const FOLDER = import.meta.dirname;
const GENERATED = ["codegen/generated", "tada/generated", "genql/generated", "relay/__generated__"];

const STEPS = {
  codegen: [["graphql-codegen", "--config", "codegen/codegen.json"]],
  tada: [["gql.tada", "generate-output", "--tsconfig", "tada/tsconfig.json"]],
  genql: [["genql", "--schema", "../schema.graphql", "--output", "genql/generated"]],
  relay: [["relay-compiler", "relay.config.json"]],
};

for (const folder of GENERATED) {
  rmSync(path.join(FOLDER, folder), { recursive: true, force: true });
  mkdirSync(path.join(FOLDER, folder));
}

const failed = Object.entries(STEPS).filter(([name, commands]) => {
  const all = [...commands, ["tsc", "--project", `${name}/tsconfig.json`]];
  const isCompiled = all.every((command) => run(command));
  console.log(`${isCompiled ? "ok" : "not ok"} ${name}`);
  return !isCompiled;
});
console.log(`${Object.keys(STEPS).length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Runs one command of this package. Prints its output if the command fails. */
function run([name, ...words]) {
  const { status, stdout, stderr } = spawnSync(
    path.join(FOLDER, "node_modules/.bin", name),
    words,
    {
      cwd: FOLDER,
      encoding: "utf8",
    },
  );
  if (status !== 0) console.error(`${name} ${words.join(" ")}\n${stdout}${stderr}`);
  return status === 0;
}
