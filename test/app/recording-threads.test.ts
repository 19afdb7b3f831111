import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataSourceFor } from "../../ormconfig.js";
import { createJobs } from "../../src/app/jobs.js";
import { createPlatform, createScripts, createSpeech } from "../../src/app/parts.js";
import { NO_QUOTAS } from "../../src/config.js";
import { SAMPLE_JOB, type sampleJob } from "../../src/instances/index.js";
import { Role } from "../../src/platform/database/connection/data-source.js";
import { type TestApp, silent, testApp } from "../support/app.js";
import { gate } from "../support/blocked.js";
import { Recordings, orderOf } from "../instances/voice-sample/recordings.js";

let app: TestApp;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fabula-recordings-"));
  app = await testApp({ storageRoot: root });
});
afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

const isSampleJob = (job: { readonly name: string }): job is ReturnType<typeof sampleJob> =>
  job.name === SAMPLE_JOB.name;

/** Returns the jobs of a process on the database of the app, and the process's threads. */
function jobsOfProcess() {
  const { appUrl: databaseUrl } = app.testDatabase;
  const { mediaSigner, uploadSigner } = app;
  const storage = { kind: "disk", root } as const;
  const options = {
    dataSource: dataSourceFor({ url: databaseUrl, role: Role.App, poolSize: 1 }),
    ...{ databaseUrl, storage, mediaSigner, uploadSigner },
    ...{ logger: silent, quotas: NO_QUOTAS },
  };
  const platform = createPlatform(options);
  const speech = createSpeech(options, platform, platform.threads.previews);
  const scripts = createScripts(platform, speech);
  const jobs = createJobs(options, { ...platform, ...speech, scripts });
  const job = jobs.definitions.find(isSampleJob);
  return { jobs, job, storage, threads: platform.threads };
}

test("a recording is decoded in a pool of its own, in a thread that ends with the job", async () => {
  const recordings = await Recordings.begin(app);
  const id = await recordings.add();
  const original = (await recordings.entity(id))?.originalBlobKey;
  const { jobs, job, storage, threads } = jobsOfProcess();
  const begun = gate();
  const running = import.meta.jest
    .spyOn(threads.recordings, "run")
    .mockImplementation((_file, _name, _input, signal) => {
      begun.open();
      return new Promise((_done, fail) => {
        signal?.addEventListener("abort", () => {
          fail(signal.reason as Error);
        });
      });
    });
  const taken = new AbortController();
  await jobs.open();

  const run = job?.run(orderOf(id), taken.signal);
  await begun.opened;
  taken.abort(new Error("The process stops."));

  await expect(run).rejects.toThrow("The process stops.");
  expect(running.mock.calls.map((call) => call.slice(0, 3))).toEqual([
    [
      "worker/recording.worker.js",
      "prepareInThread",
      { storage, owner: recordings.publicId, blobKey: original },
    ],
  ]);
  expect(threads.recordings.size).toBe(1);
  await jobs.close();
  await threads.close();
});
