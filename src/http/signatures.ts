import { createHmac, timingSafeEqual } from "node:crypto";
import { InvalidInputError } from "../platform/errors.js";

const MIN_SECRET_LENGTH = 32;

/** Signs texts with one secret. */
export class Signatures {
  /**
   * @param purpose the beginning of every signed text. A signature of the same secret for another purpose
   *   is not valid.
   */
  constructor(
    private readonly secret: string,
    private readonly purpose: string,
  ) {
    if (secret.length < MIN_SECRET_LENGTH) {
      throw new InvalidInputError(
        `The media secret must have at least ${MIN_SECRET_LENGTH} characters.`,
      );
    }
  }

  of(parts: readonly (string | number | boolean)[]): string {
    return (
      createHmac("sha256", this.secret)
        // JSON keeps the parts apart, so two different lists of parts never give the same text.
        .update(JSON.stringify([this.purpose, ...parts]))
        .digest("base64url")
    );
  }

  isValid(signature: string, parts: readonly (string | number | boolean)[]): boolean {
    const given = Buffer.from(signature);
    const expected = Buffer.from(this.of(parts));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
