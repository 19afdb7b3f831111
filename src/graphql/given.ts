/** Returns false for null and undefined. Use this function for arguments where null means absent. */
export const isGiven = <T>(value: T | null | undefined): value is T =>
  value !== undefined && value !== null;
