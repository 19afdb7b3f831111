import { truncate, writeFile } from "node:fs/promises";
import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { edited, narrated, textsOf } from "../narrated.js";
import { Studio } from "../studio.js";

let app: TestApp;
let studio: Studio;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  studio = await Studio.open(app);
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

/** Replaces the studio with a studio that makes real files. */
const joining = async (): Promise<void> => {
  await studio.close();
  studio = await Studio.open(app, { joins: true });
};

const filesOf = ({ audio, durationMs }: NarrationEntity): object => ({ ...audio, durationMs });

describe("a render", () => {
  test("speaks every segment once and makes the narration ready", async () => {
    const narration = await narrated(app);

    const rendered = await studio.render(narration);

    expect(rendered.status).toBe("ready");
    expect(studio.newlySaid()).toEqual(await textsOf(app, narration));
    expect(rendered.version).toBe(narration.version);
  });

  test("speaks only the edited segment; an unchanged narration stays ready without a render", async () => {
    const narration = await narrated(app);
    await studio.render(narration);
    studio.newlySaid();

    await edited(app, narration, { index: 1, text: "Somebody is there, I heard him." });
    const again = await studio.render(narration);

    expect(studio.newlySaid()).toEqual(["Somebody is there, I heard him."]);
    expect(again.status).toBe("ready");
    const orders = studio.orders.length;
    const unchanged = await studio.rendering.request(ownerOf("ada"), again);
    expect(unchanged).toEqual(again);
    expect(studio.orders).toHaveLength(orders);
  });

  test("with another speaker and an unchanged voice speaks nothing and updates the timings", async () => {
    await joining();
    const narration = await narrated(app);
    const [first] = await app.given.script(narration);
    const lena = narration.voiceCast[0]?.characterId ?? "";
    const { userId } = narration;
    await studio.render(narration);
    studio.newlySaid();
    const voice = narration.narratorVoice;

    const change = { index: first?.position ?? 0, speakerId: lena, voice };
    await app.services.narrations.updateSegments(ownerOf(userId), narration, [change]);
    const again = await studio.render(narration);

    expect(studio.newlySaid()).toEqual([]);
    const timings = JSON.parse(await studio.text(again.audio?.timings ?? "")) as {
      segments: { speaker: { id: string } | null }[];
    };
    expect(timings.segments[0]?.speaker?.id).toBe(lena);
  });

  test("with another title speaks nothing and updates the files", async () => {
    const narration = await narrated(app);
    const rendered = await studio.render(narration);
    studio.newlySaid();

    const { narrations } = app.services;
    await narrations.update(ownerOf("ada"), rendered, { title: "The Bell" });
    const again = await studio.render(narration);

    expect(studio.newlySaid()).toEqual([]);
    expect(again.audio?.chapters).toEqual([{ title: "The Bell", startMs: 0 }]);
  });

  test("is estimated by its missing renditions, each recipe once", async () => {
    const narration = await narrated(app);
    const segments = await textsOf(app, narration);
    const estimate = () => studio.rendering.estimate(ownerOf("ada"), narration.id);

    const before = await estimate();
    await studio.render(narration);
    const after = await estimate();

    expect(before.segmentsToRender).toBe(new Set(segments).size);
    expect(before.seconds).toBeGreaterThan(0);
    expect(after).toEqual({
      narrationId: narration.id,
      segmentsToRender: 0,
      seconds: 0,
      cost: null,
      unavailableVoices: [],
      silentSegments: [],
    });
  });
});

describe("after an interruption or a loss", () => {
  test("no committed rendition is made again, and the result equals an uninterrupted run", async () => {
    await joining();
    const whole = await studio.render(await narrated(app));
    await app.superuser("DELETE FROM reference.renditions");
    const story = { id: whole.referenceStoryId };
    const narration = await app.given.narration({ owner: "ada", story });
    const order = await studio.request(narration);
    studio.newlySaid();
    studio.beforeSpeaking = () => {
      if (studio.said.length === 2) throw new Error("The power failed.");
    };
    await expect(studio.renders.run(order)).rejects.toThrow("The power failed.");
    const before = studio.newlySaid();

    const next = studio.restarted();
    await next.renders.run(order);

    expect(before).toHaveLength(2);
    expect([...before, ...next.said]).toEqual(await textsOf(app, narration));
    const rendered = await app.given.reread(narration);
    expect(rendered.status).toBe("ready");
    expect(filesOf(rendered)).toEqual(filesOf(whole));
  });

  test("a job that runs twice does nothing the second time", async () => {
    const narration = await narrated(app);
    const order = await studio.request(narration);
    await studio.renders.run(order);
    const rendered = await app.given.reread(narration);
    studio.newlySaid();

    await studio.renders.run(order);
    await studio.renders.giveUp(order, { message: "Too late.", errorId: "e-1" });

    expect(studio.newlySaid()).toEqual([]);
    expect(await app.given.reread(narration)).toEqual(rendered);
  });

  test("a deleted blob is made again, and no other blob", async () => {
    await joining();
    const narration = await narrated(app);
    const whole = await studio.render(narration);
    const [lost] = await app.superuser<{ key: string }>(
      `SELECT blob_key AS key FROM reference.renditions WHERE words::text LIKE '%asked%'`,
    );
    await studio.storage.delete(lost?.key ?? "");
    await edited(app, narration, { index: 0, text: "The bell rang twice." });
    studio.newlySaid();

    const again = await studio.render(narration);

    expect(again.failure).toBeNull();
    expect(again.status).toBe("ready");
    expect(studio.newlySaid()).toEqual(["The bell rang twice.", "asked Lena."]);
    expect(again.audio?.mp3).not.toBe(whole.audio?.mp3);
  });

  test("a cut blob is made again, and its row describes the new blob", async () => {
    await joining();
    const narration = await narrated(app);
    const whole = await studio.render(narration);
    const [cut] = await app.superuser<{ key: string; recipe: string }>(
      `UPDATE reference.renditions SET size_bytes = size_bytes + 1 WHERE words::text LIKE '%asked%'
       RETURNING blob_key AS key, recipe_key AS recipe`,
    );
    await studio.storage.delete(cut?.key ?? "");
    await app.services.narrations.update(ownerOf("ada"), whole, { title: "The Bell" });
    studio.newlySaid();

    const again = await studio.render(narration);

    expect(again.status).toBe("ready");
    expect(studio.newlySaid()).toEqual(["asked Lena."]);
    const [row] = await app.superuser<{ size: string }>(
      "SELECT size_bytes AS size FROM reference.renditions WHERE recipe_key = $1",
      [cut?.recipe],
    );
    const { sizeBytes } = (await studio.storage.stat(cut?.key ?? "")) ?? {};
    expect(row?.size).toBe(String(sizeBytes));
  });

  test("an overwritten blob is made again", async () => {
    await joining();
    const whole = await studio.render(await narrated(app));
    const [spoilt] = await app.superuser<{ key: string; size: string }>(
      "SELECT blob_key AS key, size_bytes AS size FROM reference.renditions WHERE words::text LIKE '%asked%'",
    );
    await writeFile(studio.fileOf(spoilt?.key ?? ""), Buffer.alloc(Number(spoilt?.size)));
    await app.services.narrations.update(ownerOf("ada"), whole, { title: "The Bell" });
    studio.newlySaid();

    const again = await studio.render(whole);

    expect(again.status).toBe("ready");
    expect(studio.newlySaid()).toEqual(["asked Lena."]);
  });

  test("a ready narration whose mp3 was cut is joined again", async () => {
    await joining();
    const whole = await studio.render(await narrated(app));
    const { mp3 = "", sizeBytes } = whole.audio ?? {};
    await truncate(studio.fileOf(mp3), 1000);

    await studio.render(whole);

    expect(await studio.storage.stat(mp3)).toMatchObject({ sizeBytes });
  });

  test.each(["mp3", "timings"] as const)(
    "a ready narration whose %s is missing is joined again without speech",
    async (format) => {
      await joining();
      const whole = await studio.render(await narrated(app));
      await studio.storage.delete(whole.audio?.[format] ?? "");
      studio.newlySaid();

      const again = await studio.render(whole);

      expect(studio.newlySaid()).toEqual([]);
      expect(again).toMatchObject({ status: "ready", audio: whole.audio });
      expect(await studio.storage.stat(whole.audio?.[format] ?? "")).not.toBeNull();
    },
  );
});
