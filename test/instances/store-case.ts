import type { Owner } from "../../src/instances/index.js";
import type { Tx } from "../../src/platform/database/transactions/database.js";

/** The rows of Ada that a case uses. */
export interface OwnedRows {
  readonly storyId: number;
  readonly analysisId: number;
  readonly templateId: number;
  readonly narrationId: string;
  readonly sampleId: string;
  readonly voiceId: string;
  readonly personalVoiceId: string;
  /** `flite:own-<random>` */
  readonly personalVoice: string;
  readonly consentId: string;
  readonly uploadId: string;
  readonly recipeKey: string;
}

export type StoreCall = (tx: Tx, owner: Owner, rows: OwnedRows) => Promise<unknown>;

export type CasesOf<S> = { readonly [F in keyof S]: StoreCall };

export const PAGE = { limit: 10 };
