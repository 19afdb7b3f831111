import { findVoice } from "../../src/graphql/instances/voice/voice.mapper.js";
import type { FabulaContext } from "../../src/graphql/context.js";
import type { PersonalVoice } from "../../src/instances/index.js";
import type { Voice } from "../../src/graphql/reference/voice/voice.type.js";
import { flite } from "../../src/providers/speech/flite/flite.js";
import { VoiceCatalogue } from "../../src/providers/speech/speech.port.js";

const OWN: PersonalVoice = {
  ...{ id: "flite:own-abc", rowId: "1", provider: "flite", kind: "adapted", language: "en" },
  ...{ displayName: "My voice", unavailable: null, neutral: null, emotions: new Map() },
};

/** A viewer whose personal voices are read once. */
function contextWith(voices: readonly PersonalVoice[]): FabulaContext {
  const reading = Promise.resolve(voices);
  const services = {
    voices: new VoiceCatalogue([flite]),
    emotionVoices: { hasProvider: () => true },
  };
  return { services, ownVoices: () => reading } as unknown as FabulaContext;
}

test("a personal voice needs no promise after the personal voices were read", async () => {
  const context = contextWith([OWN]);

  const first = findVoice(context, OWN.id);
  const found = await first;

  expect(first).toBeInstanceOf(Promise);
  expect(found).toMatchObject({ displayName: "My voice", languages: ["en"], isAvailable: true });
  expect(findVoice(context, OWN.id)).toBe(found);
  expect(findVoice(context, "flite:own-other")).toBeNull();
  expect(findVoice(contextWith([]), OWN.id)).toBeInstanceOf(Promise);
});

test("requests share a voice of the catalogue, so nobody can change it", () => {
  const voice = findVoice(contextWith([]), "flite:slt") as Voice & { readonly languages: string[] };

  expect(findVoice(contextWith([OWN]), "flite:slt")).toBe(voice);
  expect(() => Object.assign(voice, { languages: [] })).toThrow(TypeError);
  expect(() => voice.languages.push("xx")).toThrow(TypeError);
});
