import { createHash } from "node:crypto";
import { NotFoundError } from "../../../../src/platform/errors.js";
import { elevenLabs } from "../../../../src/providers/speech/elevenlabs/elevenlabs.js";
import { type CloningPlace, describeCloningProvider } from "../cloning-contract.js";
import { type Target, openTarget } from "./target.js";

let target: Target;
let place: CloningPlace;
beforeAll(async () => {
  target = await openTarget();
  place = placeOf(target);
});
afterAll(() => target.close());

/** A recording is stored in memory, under the hash of its bytes. */
function placeOf({ account }: Target): CloningPlace {
  const blobs = new Map<string, Uint8Array>();
  const readSample = (key: string): Promise<Uint8Array> => {
    const blob = blobs.get(key);
    return blob ? Promise.resolve(blob) : Promise.reject(new NotFoundError(`No blob ${key}.`));
  };
  return {
    ...elevenLabs(account, { readSample }),
    ownerName: "ada",
    store: (wav) => {
      const key = `owned/ada/${createHash("sha256").update(wav).digest("hex")}`;
      blobs.set(key, wav);
      return Promise.resolve(key);
    },
    countVoices: async () =>
      (await account.client.listVoices("cloned", new AbortController().signal)).length,
  };
}

describeCloningProvider(() => place);
