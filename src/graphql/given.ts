/** GraphQL tells an absent argument from null; where both mean the same, this says so. */
export const isGiven = <T>(value: T | null | undefined): value is T =>
  value !== undefined && value !== null;
