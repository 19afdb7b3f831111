/** Names of SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CONDITIONS: Readonly<Record<string, string>> = {
  "0A000": "feature not supported",
  "21000": "cardinality violation",
  "22001": "string data right truncation",
  "22003": "numeric value out of range",
  "22007": "invalid datetime format",
  "22008": "datetime field overflow",
  "22012": "division by zero",
  "22021": "character not in repertoire",
  "22023": "invalid parameter value",
  "22P02": "invalid text representation",
  "22P05": "untranslatable character",
  "23502": "not null violation",
  "23503": "foreign key violation",
  "23505": "unique violation",
  "23514": "check violation",
  "23P01": "exclusion violation",
  "25006": "read only transaction",
  "25P02": "in failed transaction",
  "25P03": "idle in transaction timeout",
  "28000": "invalid authorization",
  "28P01": "invalid password",
  "3D000": "no such database",
  "40001": "serialization failure",
  "40P01": "deadlock detected",
  "42501": "insufficient privilege",
  "42601": "syntax error",
  "42703": "undefined column",
  "42804": "datatype mismatch",
  "42883": "undefined function",
  "42P01": "undefined table",
  "53100": "disk full",
  "53200": "out of memory",
  "53300": "too many connections",
  "54000": "program limit exceeded",
  "55P03": "lock not available",
  "57014": "query canceled",
  "57P01": "admin shutdown",
  "57P02": "crash shutdown",
  "57P03": "cannot connect now",
  P0001: "exception raised by a function",
};

// Codes of Node and of libraries do not match: they are longer, or begin with other letters.
const SQLSTATE = /^(?:[0-5]\d|0[A-Z]|2[A-Z]|3[A-Z]|HV|P0|F0|XX)[0-9A-Z]{3}$/;

/** Returns the words for a SQLSTATE. Returns undefined if the code is not a SQLSTATE. */
export const conditionOf = (code: string): string | undefined =>
  SQLSTATE.test(code) ? (CONDITIONS[code] ?? `condition ${code}`) : undefined;
