import { createHash } from "node:crypto";

/** The text that a person agrees to before recording. A version's text never changes. */
export interface ConsentStatement {
  /** For example "2026-11". */
  readonly version: string;
  readonly text: string;
  /** The language of the text, as a BCP 47 tag. */
  readonly language: string;
  /** The sha256 of the text in UTF-8, in lower-case hex. */
  readonly hash: string;
}

const VERSION = "2026-11";
/** A consent is valid for a year. Afterwards the person must agree again. */
export const CONSENT_DAYS = 365;

const TEXT = `I agree that Fabula keeps recordings of my voice and makes voices from them that speak stories for me.

Whose voice: I record only my own voice, and I am an adult.

What is kept: the recordings that I add, the words I read in them, measurements of their sound, and the voices trained from them. Only I can listen to my recordings.

What it is used for: to train my own voices, and to speak my narrations and previews with them. Nobody else can use my voice. If I publish a narration in my voice, other people hear that narration.

Other companies: if I choose a voice service of another company, my recordings are sent to that company to train the voice there. The recordings never leave this server without that choice.

How long: this consent is valid for one year. Then I am asked again. Without a new consent, my recordings and voices are not used.

Changing my mind: I can revoke this consent at any time. From that moment on, nothing new is spoken in my voice. I then choose whether my recordings are kept unused or deleted together with my voices.`;

/** The statement that a new consent refers to. */
export const CONSENT_STATEMENT: ConsentStatement = {
  version: VERSION,
  text: TEXT,
  language: "en",
  hash: createHash("sha256").update(TEXT).digest("hex"),
};
