import { ownerOf, shareTokenHashOf } from "../../src/instances/index.js";
import { pendingScriptStore } from "../../src/instances/narration/script/pending-script.store.js";
import { type Viewer, runAsUser } from "../../src/platform/database/transactions/database.js";
import { type EditionEntity, editionStore } from "../../src/reference/index.js";
import { type TestApp, testApp } from "../support/app.js";

const ada = ownerOf("ada");
const ben = ownerOf("ben");
const PAGE = { limit: 100 };

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const as = <T>(viewer: Viewer, work: Parameters<typeof app.database.read<T>>[1]): Promise<T> =>
  app.database.read({ viewer }, work);

describe("an unlisted edition", () => {
  test("cannot be found without its link, neither by id, by story nor by its hash", async () => {
    const narration = await app.given.narration({ owner: "ada", publish: "unlisted" });
    const { id, referenceStoryId, shareToken } = narration;
    const hash = shareTokenHashOf(shareToken ?? "");

    for (const viewer of ["ben", null]) {
      expect(await as(viewer, (tx) => editionStore.publicByNarrationIds(tx, [id]))).toEqual([]);
      expect(await as(viewer, (tx) => editionStore.byShareTokenHashes(tx, [hash]))).toEqual([]);
      const pages = await as(viewer, (tx) =>
        editionStore.pagesByStory(tx, [referenceStoryId], PAGE),
      );
      expect(pages.size).toBe(0);
      const counts = await as(viewer, (tx) => editionStore.countsByStory(tx, [referenceStoryId]));
      expect(counts.size).toBe(0);
      const segments = await as(viewer, (tx) =>
        editionStore.segmentPages(tx, [id], { page: PAGE }),
      );
      expect(segments.size).toBe(0);
    }
  });

  test("can be read completely with its link, and not with another link", async () => {
    const narration = await app.given.narration({ owner: "ada", publish: "unlisted" });
    const hash = shareTokenHashOf(narration.shareToken ?? "");
    const scope = { viewer: null, shareTokenHashes: [hash] };

    const [edition] = await app.database.read(scope, (tx) =>
      editionStore.byShareTokenHashes(tx, [hash]),
    );
    const segments = await app.database.read(scope, (tx) =>
      editionStore.segmentPages(tx, [narration.id], { page: PAGE }),
    );
    const wrong = await app.database.read(
      { viewer: null, shareTokenHashes: [shareTokenHashOf("guessed")] },
      (tx) => editionStore.byShareTokenHashes(tx, [hash]),
    );

    expect(edition).toMatchObject({ narrationId: narration.id, visibility: "unlisted" });
    expect(segments.get(narration.id)?.nodes).toHaveLength(narration.segmentCount);
    expect(wrong).toEqual([]);
  });

  test("does not contain its link", async () => {
    const narration = await app.given.narration({ owner: "ada", publish: "unlisted" });

    const stored = await app.superuser("SELECT * FROM reference.published_narrations");

    expect(narration.shareToken).toMatch(/^[\w-]{32}$/);
    expect(JSON.stringify(stored)).not.toContain(narration.shareToken);
  });
});

describe("another user's edition", () => {
  test("cannot be written, replaced or removed", async () => {
    const narration = await app.given.narration({ owner: "ada", publish: "public" });
    await app.given.user("ben");
    const before = await everyEdition();
    const [edition] = await as("ben", (tx) =>
      editionStore.publicByNarrationIds(tx, [narration.id]),
    );

    const forged = { ...(edition as object), edition: 9 } as EditionEntity;
    const replacing = app.database.write("ben", (tx) => editionStore.replace(tx, forged));
    await expect(replacing).rejects.toThrow();
    const inserting = app.database.write("ben", (tx) =>
      editionStore.replace(tx, { ...(forged as object), narrationId: "999" } as EditionEntity),
    );
    await expect(inserting).rejects.toThrow("row-level security");
    await app.database.write("ben", (tx) => editionStore.remove(tx, "ada", narration.id));

    expect(await everyEdition()).toEqual(before);
  });

  test("rejects a segment from another user", async () => {
    const narration = await app.given.narration({ owner: "ada", publish: "public" });

    const writing = app.database.write("ben", (tx) =>
      tx.query(
        `INSERT INTO reference.published_narration_segments (user_id, narration_id, position, kind, text, emotion, intensity)
         VALUES ('ada', $1, 999, 'narration', 'Taken.', 'neutral', 0)`,
        [narration.id],
      ),
    );

    await expect(writing).rejects.toThrow("row-level security");
  });

  test("cannot be changed in place, not even by its owner", async () => {
    await app.given.narration({ owner: "ada", publish: "public" });

    const changing = app.database.write("ada", (tx) =>
      tx.query("UPDATE reference.published_narration_segments SET text = 'Changed.'"),
    );

    await expect(changing).rejects.toThrow("permission denied");
  });
});

describe("the list of narrations that wait for a script", () => {
  test("does not let a user remove another user's narration", async () => {
    const story = await app.given.story({ publish: true });
    const narration = await app.given.narration({ owner: "ada", story });

    await app.database.write("ben", (tx) => pendingScriptStore.remove(tx, ben, narration.id));
    await app.analyse(story);

    expect(await app.given.script(narration)).not.toHaveLength(0);
  });

  test("gives a user no script for another user's narration", async () => {
    const story = await app.given.story({ publish: true });
    const narration = await app.given.narration({ owner: "ada", story });
    await app.given.user("ben");
    await app.database.write("ben", (tx) =>
      pendingScriptStore.add(tx, ben, narration.id, story.id),
    );

    await app.analyse(story);

    const owners = await app.superuser(
      "SELECT DISTINCT user_id FROM instances.user_narration_segments",
    );
    expect(owners).toEqual([{ user_id: "ada" }]);
  });

  test("is processed by a transaction that gets its own viewer back", async () => {
    const seen: unknown[] = [];
    const look = "SELECT current_setting('app.user_id', true) AS viewer";

    await app.database.write("ben", async (tx) => {
      await runAsUser(
        tx,
        ada.userId,
        async () => void seen.push(...(await tx.query<object[]>(look))),
      );
      seen.push(...(await tx.query<object[]>(look)));
    });

    expect(seen).toEqual([{ viewer: "ada" }, { viewer: "ben" }]);
  });
});

const everyEdition = () =>
  app.superuser(
    `SELECT e.*, (SELECT count(*) FROM reference.published_narration_segments g WHERE g.narration_id = e.narration_id)
     FROM reference.published_narrations e ORDER BY narration_id`,
  );
