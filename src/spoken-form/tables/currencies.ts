/** The names of a currency for one and for many, and of its hundredth. */
export interface Currency {
  readonly one: string;
  readonly many: string;
  readonly oneMinor: string;
  readonly manyMinor: string;
}

const currency = (one: string, many: string, oneMinor = "cent", manyMinor = "cents"): Currency => ({
  one,
  many,
  oneMinor,
  manyMinor,
});

const dollars = (country: string) => currency(`${country} dollar`, `${country} dollars`);

export const DOLLAR = currency("dollar", "dollars");

/** Signs before or after an amount. */
export const CURRENCIES: ReadonlyMap<string, Currency> = new Map([
  ["£", currency("pound", "pounds", "penny", "pence")],
  ["€", currency("euro", "euros")],
  ["$", DOLLAR],
  ["¥", currency("yen", "yen", "sen", "sen")],
  ["₹", currency("rupee", "rupees", "paisa", "paise")],
  ["US$", dollars("U.S")],
  ["A$", dollars("Australian")],
  ["AU$", dollars("Australian")],
  ["C$", dollars("Canadian")],
  ["CA$", dollars("Canadian")],
  ["HK$", dollars("Hong Kong")],
  ["NZ$", dollars("New Zealand")],
  ["S$", dollars("Singapore")],
]);

/** Letters before an amount. */
export const CODES: ReadonlyMap<string, Currency> = new Map([
  ["EUR", currency("euro", "euros")],
  ["GBP", currency("pound", "pounds", "penny", "pence")],
  ["Rs", currency("rupee", "rupees", "paisa", "paise")],
  ["USD", dollars("U.S")],
]);

/** Short forms of large numbers after an amount. */
export const SCALES: ReadonlyMap<string, string> = new Map([
  ["k", "thousand"],
  ["m", "million"],
  ["mn", "million"],
  ["mio", "million"],
  ["b", "billion"],
  ["bn", "billion"],
  ["tn", "trillion"],
]);

/** Coins of pence that have a name of their own. */
export const PENCE_SAID: ReadonlyMap<number, string> = new Map([
  [1, "1 penny"],
  [3, "threepence"],
  [4, "fourpence"],
  [6, "sixpence"],
]);
