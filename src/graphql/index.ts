/** The API as GraphQL: translates, and calls services and loaders. The area's front door. */
export { type FabulaContext, type GraphQLServices, createContext } from "./context.js";
export { formatError } from "./errors.js";
export { MAX_TOKENS, validationRules } from "./limits.js";
export { printFabulaSchema } from "./print-schema.js";
export { buildFabulaSchema } from "./schema.js";
