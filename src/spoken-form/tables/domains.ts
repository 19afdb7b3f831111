import { listed } from "./words.js";

/** Endings of addresses that are said as a word. */
export const WORD_DOMAINS = listed("com org net edu gov info biz dev app");

/** Endings of addresses that are spelt. */
export const SPELT_DOMAINS = listed(
  "io uk eu fr nl ca au jp ai tv co.uk org.uk ac.uk gov.uk com.au",
);
