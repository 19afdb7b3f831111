import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import type { NarrationEntity } from "../../src/instances/index.js";
import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const UPDATE = `mutation ($input: UpdateNarrationInput!) { updateNarration(input: $input) {
  narration { version
    voiceModifications { rate pitch range gain pauses emotions { emotion rate pitch }
      characters { character { name } gain } lexicon { word saidAs } }
    cast { characterName isAutomatic voice { id } } }
  userErrors { code message path } } }`;

interface Parts {
  readonly rate: number | null;
  readonly pitch: number | null;
  readonly emotions: readonly object[];
  readonly characters: readonly { readonly character: { readonly name: string } }[];
  readonly lexicon: readonly object[];
}

/** Sends changes of one narration, one after the other. */
class Editing {
  private version: number;
  constructor(private readonly narration: NarrationEntity) {
    this.version = narration.version;
  }

  characterId(at: number): string {
    const { analysisId, voiceCast } = this.narration;
    return toGlobalId("StoryCharacter", `${analysisId}.${voiceCast[at]?.characterId ?? ""}`);
  }

  async send(changes: object) {
    const input = {
      ...{ id: toGlobalId("UserStoryNarration", this.narration.id), version: this.version },
      ...changes,
    };
    const answer = await app.as("ada").query(UPDATE, { input });
    if (answer.list("updateNarration.userErrors").length > 0) return answer;
    this.version = answer.number("updateNarration.narration.version");
    return answer;
  }

  async modify(modify: object): Promise<Parts> {
    const answer = await this.send({ modify });
    expect(answer.at("updateNarration.userErrors")).toEqual([]);
    return answer.at("updateNarration.narration.voiceModifications") as Parts;
  }
}

async function editing(): Promise<Editing> {
  const made = new Editing(await app.given.narration({ owner: "ada" }));
  await made.send({
    voiceModifications: {
      ...{ rate: 0.9, pitch: 1 },
      emotions: [
        { emotion: "joy", rate: 1.2 },
        { emotion: "fear", pitch: 2 },
      ],
      characters: [
        { characterId: made.characterId(0), gain: 2 },
        { characterId: made.characterId(1), gain: -2 },
      ],
      lexicon: [
        { word: "Marta", saidAs: "Marter" },
        { word: "river", saidAs: "rivver" },
      ],
    },
  });
  return made;
}

test("one word changes, one comes and one goes, and everything else stays", async () => {
  const narration = await editing();

  const changed = await narration.modify({ lexicon: [{ word: "RIVER", saidAs: "reever" }] });
  const added = await narration.modify({ lexicon: [{ word: "boat", saidAs: "bote" }] });
  const removed = await narration.modify({ removeLexicon: ["marta"] });

  expect(changed.lexicon).toEqual([
    { word: "Marta", saidAs: "Marter" },
    { word: "RIVER", saidAs: "reever" },
  ]);
  expect(added.lexicon).toHaveLength(3);
  expect(removed).toMatchObject({
    ...{ rate: 0.9, pitch: 1, emotions: [{ emotion: "joy" }, { emotion: "fear" }] },
    lexicon: [
      { word: "RIVER", saidAs: "reever" },
      { word: "boat", saidAs: "bote" },
    ],
  });
});

test("one emotion and one character change, and null removes a setting", async () => {
  const narration = await editing();

  const first = await narration.modify({
    ...{ rate: null, pitch: 3 },
    emotions: [{ emotion: "Joy", pitch: 4 }],
    removeEmotions: [" FEAR "],
    characters: [{ characterId: narration.characterId(0), gain: 5 }],
    removeCharacters: [narration.characterId(1)],
  });

  expect(first).toMatchObject({ rate: null, pitch: 3, characters: [{ gain: 5 }] });
  expect(first.emotions).toEqual([{ emotion: "joy", rate: null, pitch: 4 }]);
  expect(first.lexicon).toHaveLength(2);
});

test("to remove what is not there, and an entry as it is, keep the version", async () => {
  const narration = await editing();
  const before = await narration.send({});

  const after = await narration.send({
    modify: {
      ...{ rate: 0.9, removeEmotions: ["anger"], removeLexicon: ["boat"] },
      emotions: [{ emotion: "joy", rate: 1.2, pitch: null }],
    },
  });

  expect(after.at("updateNarration")).toEqual(before.at("updateNarration"));
});

test("an emotion that nobody can ask for any more can still be removed", async () => {
  const narration = await editing();
  await app.superuser(
    `UPDATE instances.user_story_narrations SET voice_modifications = '{"emotions": [{"emotion": "hangry"}]}'`,
  );

  expect(await narration.modify({ removeEmotions: ["Hangry"] })).toMatchObject({ emotions: [] });
});

test("a part that is changed and removed at once is refused, and so are too many parts", async () => {
  const narration = await editing();
  const lexicon = Array.from({ length: 499 }, (_, n) => ({ word: `word ${n}`, saidAs: "x" }));

  const both = await narration.send({
    modify: { emotions: [{ emotion: "joy", rate: 1 }], removeEmotions: ["joy"] },
  });
  const many = await narration.send({ modify: { lexicon } });

  const paths = [both, many].flatMap((answer) => answer.list("updateNarration.userErrors.*.path"));
  expect(paths).toEqual([
    ["modify", "removeEmotions", "0"],
    ["modify", "lexicon"],
  ]);
});

test("of two changes of parts with the same version, one is accepted", async () => {
  const { id, version } = await app.given.narration({ owner: "ada" });
  const input = { id: toGlobalId("UserStoryNarration", id), version };

  const answers = await Promise.all(
    ["a", "b"].map((word) =>
      app.as("ada").query(UPDATE, {
        input: { ...input, modify: { lexicon: [{ word, saidAs: "x" }] } },
      }),
    ),
  );

  const errors = answers.flatMap((answer) => answer.list("updateNarration.userErrors.*.code"));
  expect(errors).toEqual(["CONFLICT"]);
});

test("a character goes back to the voice that Fabula chose", async () => {
  const narration = new Editing(await app.given.narration({ owner: "ada" }));
  const castOf = (answer: Awaited<ReturnType<Editing["send"]>>) =>
    answer.list("updateNarration.narration.cast");
  const choose = (voice: string | null) =>
    narration.send({ cast: [{ characterId: narration.characterId(0), voice }] });

  const before = castOf(await narration.send({}));
  const chosen = castOf(await choose(toGlobalId("Voice", "flite:rms")));
  const back = await choose(null);
  const again = await choose(null);

  expect(chosen[0]).toMatchObject({ isAutomatic: false });
  expect(castOf(back)).toEqual(before);
  expect(again.at("updateNarration")).toEqual(back.at("updateNarration"));
});
