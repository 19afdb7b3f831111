import { connect } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { SoundSweep } from "../../../src/instances/index.js";
import { bytesIn, filesIn, untilFiles } from "../../http/uploads/folder-watch.js";
import { bytesOf, created, put, statusOf } from "../../http/uploads/upload-server.js";
import { requestText } from "../../http/raw.client.js";
import { signed, subjectOf, tokenFor } from "../../support/api.js";
import { testApp } from "../../support/app.js";
import { barrierAt } from "../../support/barrier.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";
import { type SharedPlace, sharedPlace } from "../harness/shared-place.js";

const SIZE = 1_000_000;
const HOUR_MS = 3_600_000;

let place: SharedPlace;
beforeEach(async () => {
  place = await sharedPlace();
});
afterEach(async () => {
  endProcesses();
  await place.remove();
});

const temporary = () => join(place.storageRoot, "tmp");

/** Starts a server. Every server of a test has the same database and the same files. */
async function server() {
  const { database, dataDir } = place;
  const { url, kill, stop } = await fabulaProcess("main", database, { DATA_DIR: dataDir });
  const as = (name: string) =>
    new GraphqlClient({ url, authorization: () => signed(tokenFor(name)) });
  return { url, kill, stop, as };
}

/** Sweeps Ada's blobs as if this time had passed. Returns the keys of her blobs. */
async function blobsAfter(passedMs: number): Promise<string[]> {
  const app = await testApp(place);
  try {
    const { jobDatabase, storage } = app;
    const userId = subjectOf("ada");
    const [user] = await place.database.superuser<{ publicId: string }>(
      `SELECT public_id AS "publicId" FROM platform.users WHERE id = $1`,
      [userId],
    );
    await new SoundSweep({
      ...{ database: jobDatabase, storage },
      clock: { now: () => new Date(Date.now() + passedMs) },
      enqueue: () => Promise.resolve(),
      enqueueAfterDeletion: () => Promise.resolve(),
      enqueueCleanup: () => Promise.resolve(),
    }).run(userId, true);
    return (await Readable.from(storage.list(user?.publicId ?? "")).toArray()) as string[];
  } finally {
    await app.close();
  }
}

test("a server that is killed while a file arrives leaves only what the sweep deletes", async () => {
  const first = await server();
  const upload = await created(first, "ada", SIZE);
  const bytes = bytesOf(SIZE);
  const socket = connect(Number(new URL(first.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  const head = { "content-type": "audio/wav", "content-length": SIZE };
  socket.write(requestText(`PUT ${pathOf(upload.url).url}`, head));
  socket.write(bytes.subarray(0, SIZE / 2));
  await untilFiles(temporary(), (files) => bytesIn(files) === SIZE / 2);

  await first.kill();
  const second = await server();
  const status = await statusOf(second, upload);
  const left = await filesIn(temporary());
  const answer = await put(second, pathOf(upload.url), bytes);
  const received = await statusOf(second, upload);
  await second.stop();

  expect(status).toMatchObject({ uploadStatus: "AWAITING" });
  expect(left).toHaveLength(1);
  expect(answer.status).toBe(204);
  expect(received).toMatchObject({ uploadStatus: "RECEIVED" });
  expect(await blobsAfter(HOUR_MS)).toHaveLength(1);
  expect(await blobsAfter(13 * HOUR_MS)).toEqual([]);
  expect(await filesIn(temporary())).toEqual([]);
});

test("a server that is killed after it stored a file and before the row can receive it again", async () => {
  const first = await server();
  const upload = await created(first, "ada", SIZE);
  const bytes = bytesOf(SIZE);
  const barrier = await barrierAt(place.database, "instances.user_uploads");
  const sending = put(first, pathOf(upload.url), bytes).catch(() => "cut off");
  await barrier.reached();

  await first.kill();
  await barrier.open();
  const second = await server();
  const status = await statusOf(second, upload);
  const answer = await put(second, pathOf(upload.url), bytes);
  const other = await created(second, "ada", SIZE);
  const again = await put(second, pathOf(other.url), bytes);
  await second.stop();

  expect(await sending).toBe("cut off");
  expect(status).toMatchObject({ uploadStatus: "AWAITING" });
  expect([answer.status, again.status]).toEqual([204, 204]);
  expect(await blobsAfter(HOUR_MS)).toHaveLength(1);
  expect(await blobsAfter(13 * HOUR_MS)).toEqual([]);
});

/** Returns the part of a URL that does not depend on the port of the server. */
function pathOf(url: string): { readonly url: string } {
  const { pathname, search } = new URL(url, "http://127.0.0.1");
  return { url: pathname + search };
}
