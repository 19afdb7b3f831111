const MAX_LENGTH = 120;

// Format characters (Cf) can change the writing direction, and so hide the extension of a file.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}/\\:*?"<>|]+/gu;

/**
 * Returns a name that is safe in every file system, header and dialog. Letters of all writing systems
 * stay. A long name is cut before its extension.
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

/**
 * Returns Content-Disposition by RFC 6266: an ASCII name for old clients, and the full name for all
 * others.
 */
export function contentDisposition(kind: "inline" | "attachment", fileName: string): string {
  const ascii = fileName.replaceAll(/[^ -~]|["\\%]/g, "_");
  const full = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${full}`;
}
