// Compiles a small client program with the types of each generator: npm run consumers
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const FOLDER = import.meta.dirname;
const GENERATED = [
  ...["codegen/generated", "tada/generated", "genql/generated"],
  ...["relay/__generated__", "relay/generated"],
];

const STEPS = {
  codegen: [["graphql-codegen", "--config", "codegen/codegen.json"]],
  tada: [["gql.tada", "generate-output", "--tsconfig", "tada/tsconfig.json"]],
  genql: [["genql", "--schema", "../schema.graphql", "--output", "genql/generated"]],
  relay: [["relay-compiler", "relay.config.json"]],
};
/** The commands that run a program after its compilation. */
const RUNS = { relay: [[process.execPath, "relay/caching.run.mjs"]] };

for (const folder of GENERATED) {
  rmSync(path.join(FOLDER, folder), { recursive: true, force: true });
  mkdirSync(path.join(FOLDER, folder));
}

// Relay compiles the mutation of CLIENTS.md, too.
const page = readFileSync(path.join(FOLDER, "../CLIENTS.md"), "utf8");
const [, mutation = ""] = /^```graphql\n(.*?)^```/ms.exec(page) ?? [];
writeFileSync(
  path.join(FOLDER, "relay/generated/DeleteNarration.ts"),
  `import { graphql } from "relay-runtime";\n\nexport const DELETE = graphql\`\n${mutation}\`;\n`,
);

const failed = Object.entries(STEPS).filter(([name, commands]) => {
  const all = [...commands, ["tsc", "--project", `${name}/tsconfig.json`], ...(RUNS[name] ?? [])];
  const isCompiled = all.every((command) => run(command));
  console.log(`${isCompiled ? "ok" : "not ok"} ${name}`);
  return !isCompiled;
});
console.log(`${Object.keys(STEPS).length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Runs one command of this package. Prints its output if the command fails. */
function run([name, ...words]) {
  const { status, stdout, stderr } = spawnSync(
    path.resolve(FOLDER, "node_modules/.bin", name),
    words,
    { cwd: FOLDER, encoding: "utf8" },
  );
  if (status !== 0) console.error(`${name} ${words.join(" ")}\n${stdout}${stderr}`);
  return status === 0;
}
