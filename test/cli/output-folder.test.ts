import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeWritableFolder } from "../../src/cli/output-folder.js";

const scratch = mkdtempSync(join(tmpdir(), "fabula-out-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

test("a folder that is missing is made, and one that is there is left as it is", async () => {
  const folder = join(scratch, "deep", "er");

  await makeWritableFolder(folder);
  await makeWritableFolder(folder);

  expect(existsSync(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["a file", join(scratch, "a-file"), "ENOTDIR"],
  ["a place below a file", join(scratch, "a-file", "below"), "ENOTDIR"],
  ["a place where nothing can be made", "/proc/nope", "ENOENT"],
])("%s is refused with advice", async (_name, folder, code) => {
  writeFileSync(join(scratch, "a-file"), "in the way");

  await expect(makeWritableFolder(folder)).rejects.toThrow(
    `Nothing can be written to ${folder} (${code}); choose another --out.`,
  );
});
