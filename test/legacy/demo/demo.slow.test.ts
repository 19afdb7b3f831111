import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MIGRATE = new URL("../../../dist/src/legacy/migrate.js", import.meta.url).pathname;

test("the demo walks through the phases while an old application writes, and no statement fails", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    ...[MIGRATE, "demo", "--quiet-seconds", "1"],
  ]);

  const phases = stderr.split("\n").filter((line) => line.startsWith("== "));
  expect(phases).toHaveLength(13);
  expect(stderr.match(/^ +\S+ (different|missing|extra)\b.*/gm)).toBeNull();
  expect(stderr.match(/Nothing differs/g)).toHaveLength(3);
  expect(stderr.match(/narrations {5}50 read: /g)).toHaveLength(3);
  expect(stderr).toMatch(/new model {2}story \d+ “.+” public/);
  expect(stderr).toMatch(
    /old sound {2}narration \d+: \d+ bytes, sha256 [0-9a-f]{12}…, from audio_files \d/,
  );
  expect(stderr).toContain("The migration is complete. The legacy tables");
  expect(stdout).toMatch(/The old application issued \d+ statements meanwhile\. 0 failed\./);
  expect(stdout).toMatch(/The sound of narration \d+ plays as before: \d+ bytes/);
});
