/** A bar that a scenario must keep. */
export interface Measured {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The value must not exceed this. */
  readonly bar: number;
}

/** Hard conditions that the app must survive. Runs only against itself, within minutes. */
export interface Scenario {
  readonly name: string;
  run(): Promise<readonly Measured[]>;
}
