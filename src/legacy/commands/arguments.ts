import { StartupError } from "../../platform/errors.js";

/** Reads the value of an option. @throws StartupError if the value is no whole number above 0 */
export function wholeNumber(option: string, text: string | undefined, standard: number): number {
  if (text === undefined) return standard;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new StartupError(`${option} ${text} is not a whole number from 1 to 999999.`);
}
