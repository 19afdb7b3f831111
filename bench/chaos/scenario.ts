/** A measured value of a scenario, and the bar (limit) for the value. */
export interface Measured {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The largest allowed value. */
  readonly bar: number;
}

/**
 * A test of hard conditions that the app must survive. A scenario uses only its own app and
 * database, and ends within minutes.
 */
export interface Scenario {
  readonly name: string;
  run(): Promise<readonly Measured[]>;
}
