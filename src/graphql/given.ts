/** For arguments where null means the same as absent. */
export const isGiven = <T>(value: T | null | undefined): value is T =>
  value !== undefined && value !== null;
