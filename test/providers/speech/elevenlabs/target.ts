import {
  ElevenLabsAccount,
  type ElevenLabsOptions,
} from "../../../../src/providers/speech/elevenlabs/elevenlabs-account.js";
import { ElevenLabsServer } from "./elevenlabs-server.js";

/** Where a suite runs: against the real ElevenLabs, or against the local server. */
export interface Target {
  readonly account: ElevenLabsAccount;
  close(): Promise<void>;
}

/**
 * Opens the target of the suites that both can pass. With ELEVENLABS_TEST_API_KEY in the environment, the
 * target is ElevenLabs itself, and the suites cost characters of that account.
 */
export async function openTarget(options: Partial<ElevenLabsOptions> = {}): Promise<Target> {
  const apiKey = process.env["ELEVENLABS_TEST_API_KEY"];
  if (apiKey) {
    const account = new ElevenLabsAccount({ apiKey, installation: "contract", ...options });
    await account.refresh(new AbortController().signal);
    return { account, close: () => Promise.resolve() };
  }
  const server = await ElevenLabsServer.start();
  const account = accountOf(server, { installation: "contract", ...options });
  await account.refresh(new AbortController().signal);
  return { account, close: () => server.close() };
}

/** Returns an account at a local server that never waits between attempts. */
export const accountOf = (
  server: ElevenLabsServer,
  options: Partial<ElevenLabsOptions> = {},
): ElevenLabsAccount =>
  new ElevenLabsAccount({
    ...{ apiKey: "secret", baseUrl: server.baseUrl, installation: "here" },
    wait: () => Promise.resolve(),
    ...options,
  });
