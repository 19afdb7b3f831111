/**
 * The links to sound that rows of the legacy platform have. Only this file knows their forms. The
 * TypeScript and the SQL of this file agree.
 */
export type LegacyLink =
  /** `audio://<id>`: a row of user_legacy_sounds. */
  | { readonly kind: "sound"; readonly id: string }
  | { readonly kind: "web"; readonly url: string }
  /** A path on the legacy platform's own server. */
  | { readonly kind: "relative"; readonly path: string }
  /** A link that contains the sound itself. */
  | { readonly kind: "data"; readonly url: string; readonly contentType: string };

const BLANKS = " \t\n\r";
const SOUND = /^audio:\/\/(\d{1,18})$/;
const WEB = /^https?:\/\//i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const DATA = /^data:((?:audio|video)\/[a-z0-9][a-z0-9.+-]{0,80})(?:;[^,]{0,200})?,/i;
/** No data link has its comma later. A data link may have millions of characters. */
const DATA_START = 400;

/** Returns null for no link, and for a link that nobody may follow, such as javascript: or file:. */
export function parseLegacyLink(link: string | null | undefined): LegacyLink | null {
  const text = trimBlanks(link ?? "");
  if (text === "") return null;
  const [, id] = SOUND.exec(text) ?? [];
  if (id !== undefined) return { kind: "sound", id: String(BigInt(id)) };
  const [, contentType] = DATA.exec(text.slice(0, DATA_START)) ?? [];
  if (contentType !== undefined)
    return { kind: "data", url: text, contentType: contentType.toLowerCase() };
  if (WEB.test(text)) return webLink(text);
  return SCHEME.test(text) ? null : { kind: "relative", path: text };
}

/**
 * Returns the address of a link that is not a row of user_legacy_sounds.
 * @param mediaUrl the address in front of relative links; null if the server has no such address
 */
export function addressOf(
  link: Exclude<LegacyLink, { readonly kind: "sound" }>,
  mediaUrl: string | null,
): string | null {
  if (link.kind !== "relative") return link.url;
  if (mediaUrl === null) return null;
  const base = mediaUrl.replace(/\/+$/, "");
  const { path } = link;
  // A path that begins with two slashes names a host, as in browsers.
  const address = path.startsWith("//")
    ? `${new URL(base).protocol}${path}`
    : `${base}/${path.replace(/^\/+/, "")}`;
  return URL.canParse(address) ? new URL(address).href : null;
}

/**
 * Returns the bytes in a data link. Returns null if there are more than `most`. A damaged link gives the
 * bytes that can be read.
 */
export function bytesInDataLink(url: string, most: number): Uint8Array | null {
  const comma = url.indexOf(",");
  const data = url.slice(comma + 1);
  const isBase64 = /;base64$/i.test(url.slice(0, comma));
  // A byte is 4/3 characters of base64 with some line ends, or at most three characters as %XX.
  if (data.length > most * (isBase64 ? 1.5 : 3) + DATA_START) return null;
  const bytes = isBase64
    ? Buffer.from(
        data.replaceAll("%2B", "+").replaceAll("%2F", "/").replaceAll("%3D", "="),
        "base64",
      )
    : Buffer.from(unescaped(data), "latin1");
  return bytes.length > most ? null : bytes;
}

/** Returns a text with one character for each byte. */
const unescaped = (data: string): string =>
  data.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/**
 * SQL: the id in a link `audio://<id>`. NULL for every other link. Calculate the id in a subquery with OFFSET
 * 0 or LIMIT, and join the files with the subquery's column. Under row-level security, PostgreSQL uses no
 * index for a comparison with a regular expression.
 */
export const soundIdIn = (link: string): string =>
  `substring(btrim(${link}, E' \\t\\n\\r') FROM '^audio://([0-9]{1,18})$')::bigint`;

/** SQL: true for a link that leads to sound without a row of user_legacy_sounds. */
export const leadsElsewhere = (link: string): string =>
  `(btrim(${link}, E' \\t\\n\\r') <> '' AND (btrim(${link}, E' \\t\\n\\r') ~* '^(https?://|data:(audio|video)/)'
    OR btrim(${link}, E' \\t\\n\\r') !~* '^[a-z][a-z0-9+.-]*:'))`;

/** SQL: the link of a segment's item. An item without a text is kept as a list of one item. */
export const linkOfItem = (extra: string): string =>
  `coalesce(${extra} ->> 'audioUrl', ${extra} -> 0 ->> 'audioUrl')`;

/** Returns the link of a segment's item. */
export function linkInItem(extra: object | null): string | null {
  const item: unknown = Array.isArray(extra) ? extra[0] : extra;
  if (typeof item !== "object" || item === null) return null;
  const { audioUrl }: { readonly audioUrl?: unknown } = item;
  return typeof audioUrl === "string" ? audioUrl : null;
}

function webLink(text: string): LegacyLink | null {
  if (!URL.canParse(text)) return null;
  return { kind: "web", url: /[\s\p{Cc}]/u.test(text) ? new URL(text).href : text };
}

function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text.charAt(start))) start += 1;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
