/** A place in the book: a part, and an id in the part. */
export interface PartPlace {
  readonly path: string;
  /** Empty for the start of the part. */
  readonly id: string;
}

/** Returns the place that a link in the part `from` leads to. Null for a link that leads out of the book. */
export function placeOf(from: string, href: string): PartPlace | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return null;
  const [file = "", id = ""] = href.split("#", 2);
  const path = file === "" ? from : resolved(from, decoded(file.split("?", 1)[0] ?? ""));
  return { path, id: decoded(id) };
}

function resolved(from: string, path: string): string {
  const parts = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
