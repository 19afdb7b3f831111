import { UsageError } from "../../platform/errors.js";

/** Reads the value of an option. @throws UsageError if the value is no whole number above 0 */
export function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`${option} ${text} is not a whole number from 1 to 999999.`);
}
