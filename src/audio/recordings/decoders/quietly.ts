/**
 * Runs `work` without the messages that decoders print about damaged sound. The sender of a file must
 * not fill the server's log.
 */
export function quietly<T>(work: () => T): T {
  const printer: { error: unknown } = globalThis.console;
  const print = printer.error;
  printer.error = () => undefined;
  try {
    return work();
  } finally {
    printer.error = print;
  }
}
