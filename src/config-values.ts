/** The forms of the values of environment variables. */
import { z } from "zod";
import { StartupError } from "./platform/errors.js";

/** An environment variable is missing or invalid. The message names the variable. */
export class ConfigError extends StartupError {}

export const flag = z
  .enum(["true", "false"], "must be true or false")
  .transform((text) => text === "true");
export const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);
const addressOrRange = z.union([
  z.ipv4(),
  z.ipv6(),
  z.cidrv4(),
  z.cidrv6(),
  z.enum(["loopback", "linklocal", "uniquelocal"]),
]);
const NO_PROXIES = "must be false, true, a number of proxies, or addresses separated by commas";
export const proxies = z.union(
  [
    z.literal("false").transform(() => false as const),
    // `true` means one proxy. The proxy adds the last address of X-Forwarded-For. A client can forge all
    // addresses before the last one.
    z.literal("true").transform(() => 1),
    z
      .string()
      .regex(/^\d{1,2}$/)
      .transform(Number),
    list.pipe(z.array(addressOrRange).min(1, NO_PROXIES)),
  ],
  NO_PROXIES,
);
export const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" })
  .refine(
    hasWholePassword,
    "has an @ after the host; write /, ?, # and @ in its password as %2F, %3F, %23 and %40",
  )
  .refine(isWellEncoded, "has a % that encodes nothing; write % in its password as %25");

/** Returns false if a driver could not decode the URL. */
function isWellEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns false if a password with / or # or ? ends the host too early. The rest of the password would
 * count as the name of the database, which messages contain.
 */
function hasWholePassword(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { pathname, search, hash } = new URL(text);
  return !(pathname + hash).includes("@") && !/^\?[^=&]*@/.test(search);
}

const NO_QUOTA = "must be a whole number above 0, or unlimited";
export const quota = z.union(
  [
    z.literal("unlimited").transform(() => Infinity),
    z
      .string()
      .regex(/^[1-9]\d{0,14}$/)
      .transform(Number),
  ],
  NO_QUOTA,
);

/** A key that is sent in a header. */
export const apiKey = z
  .string()
  .regex(
    /^[!-~]*$/,
    "must be of letters, digits and signs of ASCII, without spaces or line breaks",
  );

export const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });
