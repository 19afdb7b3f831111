import { type InputProblem, InvalidInputError } from "../errors.js";

/** Collects the problems of one input, so that its sender learns all of them at once. */
export class InputProblems {
  private readonly found: InputProblem[] = [];

  add(message: string, path: readonly string[]): void {
    this.found.push({ message, path });
  }

  /**
   * Runs a check and returns its result. If the check finds problems, keeps them and returns `otherwise`,
   * with which the other checks can go on.
   */
  check<T, U = undefined>(run: () => T, otherwise: U): T | U {
    try {
      return run();
    } catch (error) {
      this.keep(error);
      return otherwise;
    }
  }

  /**
   * Does work that may fail for another reason, such as a missing row. After a failure, the problems of the
   * input come first, because the input can never work.
   */
  async before<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InvalidInputError) this.keep(error);
      this.refuse();
      throw error;
    }
  }

  /** Returns true if no problem was found in this field or in its parts. */
  isClean(path: readonly string[]): boolean {
    return !this.found.some((problem) => path.every((name, at) => problem.path[at] === name));
  }

  /** @throws InvalidInputError with all problems, if there are any */
  refuse(): void {
    if (this.found.length > 0) throw InvalidInputError.of(this.found);
  }

  private keep(error: unknown): void {
    if (!(error instanceof InvalidInputError)) throw error;
    this.found.push(...error.problems);
  }
}
