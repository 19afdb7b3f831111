// Compiles src, migrations, bench and ormconfig.ts into dist, if dist is not up to date, and bundles the
// processes. The new
// folder replaces the old folder only at the end, so a running server never reads an incomplete
// build.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";

const INPUTS = ["src", "migrations", "bench", "ormconfig.ts"].filter((path) => existsSync(path));
const STAMP = "dist/.stamp";

const stamp = stampOf([...INPUTS, ".swcrc", ".config", "package-lock.json"].flatMap(filesIn));
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== stamp) await build();

async function build() {
  const fresh = `dist.${process.pid}.tmp`;
  const swc = join("node_modules", "@swc", "cli", "bin", "swc.js");
  execFileSync(process.execPath, [swc, ...INPUTS, "--copy-files", "--quiet", "--out-dir", fresh], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await bundle(fresh);
  writeFileSync(join(fresh, ".stamp"), stamp);
  const old = `${fresh}.old`;
  if (existsSync("dist")) renameSync("dist", old);
  renameSync(fresh, "dist");
  rmSync(old, { recursive: true, force: true });
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

function stampOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}
