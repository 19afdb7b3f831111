import { randomBytes } from "node:crypto";

const LABEL_BYTES = 16;

/** Returns a new unique name of a training and its clone. */
export const newLabel = (): string => `fabula-${randomBytes(LABEL_BYTES).toString("hex")}`;
