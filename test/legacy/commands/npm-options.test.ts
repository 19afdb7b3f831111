import { execFile } from "node:child_process";

const MIGRATE = new URL("../../../dist/src/legacy/migrate.js", import.meta.url).pathname;

const notesWith = (environment: Record<string, string>): Promise<string> =>
  new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], ...environment };
    execFile(process.execPath, [MIGRATE, "contract"], { env }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
  });

test("an option that npm took for itself stops the command", async () => {
  expect(await notesWith({ npm_config_dry_run: "true" })).toBe(
    "npm took --dry-run for itself. Write two dashes before the words of the command: npm run migrate -- COMMAND … --dry-run\n",
  );
});
