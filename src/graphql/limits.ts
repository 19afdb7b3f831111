import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";

/**
 * The maximum number of tokens in a document. The query of `test/api/nested-page.test.ts` has about 200
 * tokens, the introspection query about 500.
 */
export const MAX_TOKENS = 1_000;
/** The maximum depth of nested fields. A connection needs three levels, so five lists can nest. */
const MAX_DEPTH = 15;
const MAX_ALIASES = 15;
const MAX_DIRECTIVES = 5;
/** Limits the size of answers and errors, which repeat the names of a request. */
const MAX_NAME_CHARS = 128;

const limitError = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } });

/** Limits the depth of nested fields. Introspection does not count. Each fragment is measured once. */
function depthRule(context: ValidationContext): ASTVisitor {
  const measured = new Map<FragmentDefinitionNode, number>();

  const depthOf = ({ selections }: SelectionSetNode): number =>
    Math.max(
      0,
      ...selections.map((selection) => {
        switch (selection.kind) {
          case Kind.FIELD:
            if (selection.name.value.startsWith("__")) return 0;
            return 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0);
          case Kind.INLINE_FRAGMENT:
            return depthOf(selection.selectionSet);
          case Kind.FRAGMENT_SPREAD:
            return fragmentDepth(context.getFragment(selection.name.value));
        }
      }),
    );

  const fragmentDepth = (fragment: FragmentDefinitionNode | null | undefined): number => {
    if (!fragment) return 0;
    const known = measured.get(fragment);
    if (known !== undefined) return known;
    // Another rule reports a fragment that spreads itself. This entry only ends the recursion.
    measured.set(fragment, 0);
    const depth = depthOf(fragment.selectionSet);
    measured.set(fragment, depth);
    return depth;
  };

  return {
    OperationDefinition: ({ selectionSet }) => {
      const depth = depthOf(selectionSet);
      if (depth <= MAX_DEPTH) return;
      context.reportError(
        limitError(`The operation is ${depth} fields deep; at most ${MAX_DEPTH} are allowed.`),
      );
    },
  };
}

/** Limits aliases and directives, because they repeat work without adding depth. */
function repetitionRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  return {
    Field: ({ alias }) => {
      if (alias) aliases += 1;
    },
    Directive: () => {
      directives += 1;
    },
    Document: {
      leave: () => {
        if (aliases > MAX_ALIASES) {
          context.reportError(
            limitError(`The request has ${aliases} aliases; at most ${MAX_ALIASES} are allowed.`),
          );
        }
        if (directives > MAX_DIRECTIVES) {
          context.reportError(
            limitError(
              `The request has ${directives} directives; at most ${MAX_DIRECTIVES} are allowed.`,
            ),
          );
        }
      },
    },
  };
}

/** Limits the length of all names in a request, for example of operations, aliases and variables. */
function nameRule(context: ValidationContext): ASTVisitor {
  let longest = 0;
  return {
    Name: ({ value }) => {
      longest = Math.max(longest, value.length);
    },
    Document: {
      leave: () => {
        if (longest <= MAX_NAME_CHARS) return;
        context.reportError(
          limitError(
            `A name in the request has ${longest} characters; at most ${MAX_NAME_CHARS} are allowed.`,
          ),
        );
      },
    },
  };
}

/** HTTP and WebSocket use these rules in addition to the rules of the specification. */
export const validationRules: readonly ValidationRule[] = [depthRule, repetitionRule, nameRule];
