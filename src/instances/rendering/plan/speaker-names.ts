interface Named {
  readonly id: string;
  readonly canonicalName: string;
}

/**
 * Returns the names to show, by character id. If two characters are named Lena, the second is "Lena
 * (2)".
 */
export function speakerNames(characters: readonly Named[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    characters.map(({ id, canonicalName }) => {
      let name = canonicalName;
      for (let count = 2; taken.has(name); count += 1) name = `${canonicalName} (${count})`;
      taken.add(name);
      return [id, name];
    }),
  );
}
