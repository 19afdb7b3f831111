const MULTILINGUAL =
  "en ja zh de hi fr ko pt it es id nl tr fil pl sv bg ro ar cs el fi hr ms sk da ta uk ru".split(
    " ",
  );
const MORE = [...MULTILINGUAL, "hu", "no", "vi"];

/** The languages of the models, from ElevenLabs' description of its models. BCP 47 primary tags. */
const LANGUAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["eleven_multilingual_v2", MULTILINGUAL],
  ["eleven_flash_v2_5", MORE],
  ["eleven_turbo_v2_5", MORE],
  ["eleven_flash_v2", ["en"]],
  ["eleven_turbo_v2", ["en"]],
]);

/** Returns the languages of a model. Returns null for a model that only ElevenLabs itself can describe. */
export const languagesOfModel = (model: string): readonly string[] | null =>
  LANGUAGES.get(model) ?? null;

/** True if the model takes the language of a text. The other models recognise the language. */
export const takesLanguage = (model: string): boolean => /_v2_5$|_v3$/.test(model);
