/** The unit in which a person reads an amount of bytes, and how many bytes one unit has. */
export function unitFor(bytes: number): { readonly unit: string; readonly divisor: number } {
  if (bytes < 10e3) return { unit: "bytes", divisor: 1 };
  return bytes < 10e6 ? { unit: "kB", divisor: 1e3 } : { unit: "MB", divisor: 1e6 };
}

export function sizeText(bytes: number): string {
  const { unit, divisor } = unitFor(bytes);
  return `${(bytes / divisor).toFixed(divisor === 1 ? 0 : 1)} ${unit}`;
}
