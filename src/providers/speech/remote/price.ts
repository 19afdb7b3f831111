import type { Speech, SpeechCapabilities } from "../speech.port.js";

export interface SpeechPrice {
  /**
   * The price of a million characters, in millionths of `currency`. Absent if the price is unknown.
   */
  readonly microsPerMillionChars?: number;
  /** The currency of the price (ISO 4217). Default USD. */
  readonly currency?: string;
}

export function priceOf(options: SpeechPrice): Pick<SpeechCapabilities, "price"> {
  const { microsPerMillionChars, currency = "USD" } = options;
  return microsPerMillionChars === undefined ? {} : { price: { microsPerMillionChars, currency } };
}

/** Returns the cost of characters that were sent. Returns nothing if the price is unknown. */
export function costOf(chars: number, options: SpeechPrice): Pick<Speech, "cost"> {
  const { price } = priceOf(options);
  if (!price) return {};
  const { microsPerMillionChars, currency } = price;
  return { cost: { micros: Math.ceil((chars * microsPerMillionChars) / 1_000_000), currency } };
}
