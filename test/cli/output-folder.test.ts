import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeWritableFolder } from "../../src/cli/output-folder.js";

const scratch = mkdtempSync(join(tmpdir(), "fabula-out-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

test("a missing folder is created, and an existing folder is not changed", async () => {
  const folder = join(scratch, "deep", "er");

  await makeWritableFolder(folder);
  await makeWritableFolder(folder);

  expect(existsSync(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["a file", join(scratch, "a-file"), "ENOTDIR"],
  ["a path below a file", join(scratch, "a-file", "below"), "ENOTDIR"],
  ["a path that cannot be created", "/proc/nope", "ENOENT"],
])("%s is refused with advice", async (_name, folder, code) => {
  writeFileSync(join(scratch, "a-file"), "in the way");

  await expect(makeWritableFolder(folder)).rejects.toThrow(
    `Cannot write to ${folder} (${code}); choose another --out.`,
  );
});
