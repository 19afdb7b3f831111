import { runFlite } from "../../src/providers/speech/flite/flite.engine.js";
import { breaths, lineOf, prepareSpokenText } from "../../src/providers/speech/spoken-text.js";
import { spokenForm } from "../../src/spoken-form/index.js";
import { SAID } from "./said.js";
import { SAID_CRIES } from "./said-cries.js";

/** Returns the phones and the pauses that the embedded engine says. */
async function phonesOf(text: string): Promise<string> {
  const said: string[] = [];
  for (const units of breaths(prepareSpokenText(text).units, 600)) {
    const { phones } = await runFlite(lineOf(units), { voice: "slt", stretch: 0.1 });
    said.push(...phones.map(({ name }) => name));
  }
  return said.join(" ");
}

test.each([...SAID, ...SAID_CRIES])("%s is said as: %s", async (written, said) => {
  const spoken = spokenForm(written, { language: "en" }).text;

  expect({ spoken, phones: await phonesOf(spoken) }).toEqual({
    spoken,
    phones: await phonesOf(said),
  });
});
