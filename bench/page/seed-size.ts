/** How many rows the seed makes. The readers and their narrations are the same for every size. */
export interface SeedSize {
  readonly stories: number;
  readonly narrations: number;
  readonly users: number;
}
