/**
 * Returns a tag in the form that stories have: en or pt-BR. Returns null for what is no tag, and for the tags
 * that name no language.
 */
export function languageTag(text: string | null | undefined): string | null {
  const [primary = "", ...rest] = (text ?? "").trim().slice(0, 40).replaceAll("_", "-").split("-");
  const tag = [primary.toLowerCase(), ...rest].join("-");
  if (["und", "mul", "zxx", "mis"].includes(primary.toLowerCase())) return null;
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : null;
}
