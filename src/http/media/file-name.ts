const MAX_LENGTH = 120;

// Format characters too: one that turns the writing direction hides an extension.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}/\\:*?"<>|]+/gu;

/**
 * A name that any file system takes and no header or dialog reads amiss; its writing system stays.
 * A long one loses its middle, not its extension.
 */
export function safeFileName(name: string): string {
  const cleaned = name
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(UNSAFE, "_")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[ .]+|[ .]+$/g, "");
  const characters = [...cleaned];
  if (characters.length <= MAX_LENGTH) return cleaned || "untitled";
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(cleaned)?.[0] ?? "";
  return `${characters.slice(0, MAX_LENGTH - extension.length).join("")}${extension}`;
}

/** Content-Disposition by RFC 6266: the name in ASCII for old clients, and in full for the others. */
export function contentDisposition(kind: "inline" | "attachment", fileName: string): string {
  const ascii = fileName.replaceAll(/[^ -~]|["\\%]/g, "_");
  const full = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${full}`;
}
