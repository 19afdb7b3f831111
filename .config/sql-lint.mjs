// Runs squawk on all migrations. squawk must know which migrations run in a transaction: all except
// the files with the line `-- transaction: none`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const files = readdirSync("migrations")
  .filter((name) => name.endsWith(".sql"))
  .map((name) => `migrations/${name}`);
const isBare = (file) => /^-- transaction: none$/m.test(readFileSync(file, "utf8"));

function passes(chosen, mode) {
  if (chosen.length === 0) return true;
  const squawk = ["node_modules/squawk-cli/js/bin/squawk", "--config", ".config/squawk.toml", mode];
  return spawnSync(process.execPath, [...squawk, ...chosen], { stdio: "inherit" }).status === 0;
}

const inTransaction = passes(
  files.filter((file) => !isBare(file)),
  "--assume-in-transaction",
);
const bare = passes(files.filter(isBare), "--no-assume-in-transaction");
process.exitCode = inTransaction && bare ? 0 : 1;
