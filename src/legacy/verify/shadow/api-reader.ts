import { type DocumentNode, execute, parse } from "graphql";
import { type GraphQLServices, createContext } from "../../../graphql/context.js";
import { buildFabulaSchema } from "../../../graphql/schema/schema.js";
import { UnauthenticatedError, UnavailableError } from "../../../platform/errors.js";

/** What the API answered: the field that was asked for, or that the viewer may not read at all. */
export type Answer =
  { readonly kind: "read"; readonly field: unknown } | { readonly kind: "refused" };

/** Executes operations of the real schema with the real services, without a server. */
export class ApiReader {
  private readonly schema = buildFabulaSchema();
  private readonly documents = new Map<string, DocumentNode>();

  constructor(private readonly services: GraphQLServices) {}

  /**
   * Reads as a person, or anonymously. The operation asks for one field, `found`.
   * @throws the error of a resolver, except the refusal of a person who is deactivated or erased
   */
  async read(
    operation: string,
    variables: Readonly<Record<string, unknown>>,
    viewer: string | null,
  ): Promise<Answer> {
    const context = createContext(this.services, viewer === null ? null : { subject: viewer });
    const { data, errors = [] } = await execute({
      schema: this.schema,
      document: this.parsed(operation),
      variableValues: variables,
      contextValue: context,
    });
    const [error] = errors;
    if (error?.originalError instanceof UnauthenticatedError) return { kind: "refused" };
    if (error?.originalError instanceof UnavailableError) throw error.originalError;
    const field = error ? `error: ${error.message}` : data?.["found"];
    // Scalars are objects until they are sent, for example dates.
    return { kind: "read", field: JSON.parse(JSON.stringify(field ?? null)) as unknown };
  }

  private parsed(operation: string): DocumentNode {
    const known = this.documents.get(operation) ?? parse(operation);
    this.documents.set(operation, known);
    return known;
  }
}
