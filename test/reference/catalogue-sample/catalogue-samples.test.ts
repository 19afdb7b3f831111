import type { JobQueue } from "../../../src/jobs/queue.port.js";
import { type Clock, systemClock } from "../../../src/platform/clock.js";
import {
  type SpeechProvider,
  type SpeechRequest,
  VoiceAge,
  VoiceGender,
} from "../../../src/providers/speech/speech.port.js";
import { CatalogueSamples, type Rendition, renditionStore } from "../../../src/reference/index.js";
import { type TestApp, testApp } from "../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const DAY_MS = 24 * 3_600_000;
const RUNNING = new AbortController().signal;

const voice = (name: string, ...languages: readonly string[]) => ({
  ...{ id: `babel:${name}`, provider: "babel", displayName: name, languages },
  ...{ gender: VoiceGender.Neutral, ageGroup: VoiceAge.Adult },
});

const noQueue: JobQueue = {
  enqueue: () => Promise.resolve(),
  findWithoutJob: (_job, orders) => Promise.resolve([...orders]),
};

interface Babel {
  readonly samples: CatalogueSamples;
  readonly asked: SpeechRequest[];
  make(name: string): Promise<boolean>;
  /** Reads the sample as a query does. */
  find(name: string): Promise<Rendition | null>;
}

/**
 * Returns samples of voices of several languages. The voices speak silence and record their requests.
 */
function babel({
  isOffline = true,
  version = "1",
  clock = systemClock,
}: { isOffline?: boolean; version?: string; clock?: Clock } = {}): Babel {
  const asked: SpeechRequest[] = [];
  const provider: SpeechProvider = {
    id: "babel",
    listVoices: () => [voice("anna", "de", "en"), voice("tomi", "fi"), voice("amy", "en")],
    capabilities: () => ({
      ...{ version, isOffline, languages: ["de", "en", "fi"], maxChars: 1000, timing: "none" },
      ...{ prosody: [], emotion: "none", cloning: "none" },
      ...{ isDeterministic: true, stitchesNeighbours: false, isPaid: false },
    }),
    synthesize: async (request) => {
      asked.push(request);
      const pcm = new Float32Array(1600);
      return { pcm, sampleRate: 16_000, words: [], timingSource: "estimated", degraded: [] };
    },
  };
  const { jobDatabase: database, storage } = app;
  const samples = new CatalogueSamples({
    ...{ database, storage, clock, queue: noQueue, providers: [provider] },
  });
  const load = async (recipeKey: string) => {
    const [known] = await database.read({ viewer: null }, (tx) =>
      renditionStore.byKeys(tx, [recipeKey]),
    );
    return known ?? null;
  };
  return {
    samples,
    asked,
    make: (name) => samples.make(`babel:${name}`, RUNNING),
    find: (name) => samples.find(`babel:${name}`, { load }),
  };
}

test("a sample is in the voice's first language and is made once", async () => {
  const { asked, make } = babel();

  for (const name of ["anna", "amy", "tomi", "anna"]) await make(name);

  expect(asked.map(({ language }) => language)).toEqual(["de", "en", "fi"]);
  expect(asked[0]?.text).toMatch(/^Alle Menschen sind frei/);
  expect(asked[1]?.text).toMatch(/^When the sunlight/);
  expect(asked[2]?.text).toBe(asked[1]?.text);
});

test("reading a sample never speaks it", async () => {
  const { asked, make, find } = babel();

  const before = await find("amy");
  await make("amy");
  const after = await find("amy");
  const unknown = await find("nobody");

  expect([before, unknown]).toEqual([null, null]);
  expect(after?.durationMs).toBe(100);
  expect(asked).toHaveLength(1);
});

test("a new version of the engine needs a new sample", async () => {
  await babel().make("amy");
  const { samples, make, find } = babel({ version: "2" });

  const before = await find("amy");
  const missing = await samples.queueMissing();
  await make("amy");

  expect(before).toBeNull();
  expect(missing).toBe(3);
  expect(await find("amy")).not.toBeNull();
  expect(await samples.queueMissing()).toBe(2);
});

test("a process does not make the sample of a voice that it does not offer", async () => {
  const { asked, make } = babel();

  expect(await make("nobody")).toBe(false);
  expect(asked).toEqual([]);
});

describe("a sample whose sound is lost or cut", () => {
  const lose = async ({ find }: Babel) => {
    const found = await find("amy");
    await app.storage.delete(found?.blobKey ?? "");
  };

  test("is made again", async () => {
    const here = babel();
    await here.make("amy");
    await lose(here);

    const missing = await here.samples.queueMissing();
    await here.make("amy");
    const again = await here.find("amy");
    await app.superuser("UPDATE reference.renditions SET size_bytes = 1");
    await here.make("amy");

    expect(missing).toBe(3);
    expect(here.asked).toHaveLength(3);
    expect(await here.find("amy")).toMatchObject({ sizeBytes: again?.sizeBytes });
  });

  test("is made again after a day if the provider is remote, because the sound may cost money", async () => {
    let nowMs = Date.now();
    const remote = babel({ isOffline: false, clock: { now: () => new Date(nowMs) } });
    await remote.make("amy");
    await lose(remote);

    await remote.make("amy");
    const onTheSameDay = remote.asked.length;
    nowMs += DAY_MS + 60_000;
    await remote.make("amy");

    expect(onTheSameDay).toBe(1);
    expect(remote.asked).toHaveLength(2);
  });
});
