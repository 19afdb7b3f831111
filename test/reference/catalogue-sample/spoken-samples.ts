import type { Logger } from "../../../src/platform/process/logging.js";
import { silent } from "../../support/app.js";

const SPOKEN = /^Spoke the sample of (\S+)$/;

/** The samples that workers with this logger made, and the failures of their jobs. */
export interface SpokenSamples {
  readonly logger: Logger;
  /** The voices whose samples were made, in order. A voice occurs twice if its sample was made twice. */
  readonly voices: string[];
  /** Resolves when `count` samples are made. */
  all(count: number): Promise<void>;
  /** Resolves with the log's sentence about the next sample that is given up. */
  failure(): Promise<string>;
}

/** Reads the sentences that the jobs write into the log. */
export function spokenSamples(): SpokenSamples {
  const voices: string[] = [];
  const log = new EventTarget();
  const read = (about: unknown): void => {
    if (typeof about !== "string") return;
    const [, voice] = SPOKEN.exec(about) ?? [];
    if (voice !== undefined) voices.push(voice);
    log.dispatchEvent(new CustomEvent("line", { detail: about }));
  };
  const until = <T>(find: (line: string) => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      log.addEventListener("line", (event) => {
        const found = find((event as CustomEvent<string>).detail);
        if (found !== undefined) resolve(found);
      });
    });
  return {
    logger: { ...silent, info: read },
    voices,
    all: async (count) => {
      if (voices.length < count)
        await until(() => (voices.length >= count ? voices.length : undefined));
    },
    failure: () => until((line) => (line.includes("tried again later") ? line : undefined)),
  };
}
