import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const ENTRY_FILES = ["src/main.ts", "src/worker.ts", "src/cli.ts", "src/cli/*.ts"];
const SOURCE = ["src/**/*.ts", "migrations/**/*.ts", "ormconfig.ts"];

const noEnum = {
  selector: "TSEnumDeclaration",
  message: "Use a const object and a union type of its values.",
};

// Code receives the clock as an argument, so that tests can control the time.
const noAmbientClock = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: "Take the time from the clock argument.",
};

const environment = {
  object: "process",
  property: "env",
  message: "Only src/config.ts reads the environment.",
};

const noSkippedTest = [
  {
    selector:
      ":matches(CallExpression, TaggedTemplateExpression) MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(skip|only|todo|failing)$/]",
    message: "No skipped, focused or unwritten tests.",
  },
  {
    selector: "CallExpression[callee.name=/^(xtest|xit|xdescribe|fit|fdescribe)$/]",
    message: "No skipped or focused tests.",
  },
];

const noWholeFile = (message) => ({
  "no-restricted-syntax": ["error", { selector: "Program", message }],
});

const size = {
  "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  complexity: ["error", 10],
  "max-depth": ["error", 3],
};

// ESLint's own rules against mistakes that the compiler and typescript-eslint do not report.
const mistakes = Object.fromEntries(
  [
    "no-async-promise-executor",
    "no-case-declarations",
    "no-cond-assign",
    "no-constant-binary-expression",
    "no-constant-condition",
    "no-control-regex",
    "no-debugger",
    "no-dupe-else-if",
    "no-duplicate-case",
    "no-else-return",
    "no-empty",
    "no-empty-character-class",
    "no-empty-pattern",
    "no-ex-assign",
    "no-fallthrough",
    "no-irregular-whitespace",
    "no-lonely-if",
    "no-loss-of-precision",
    "no-misleading-character-class",
    "no-new-wrappers",
    "no-prototype-builtins",
    "no-regex-spaces",
    "no-self-assign",
    "no-self-compare",
    "no-sparse-arrays",
    "no-template-curly-in-string",
    "no-undef-init",
    "no-unmodified-loop-condition",
    "no-unreachable-loop",
    "no-unsafe-finally",
    "no-unsafe-optional-chaining",
    "no-unused-labels",
    "no-useless-assignment",
    "no-useless-catch",
    "no-useless-escape",
    "no-useless-rename",
    "no-useless-return",
    "no-var",
    "object-shorthand",
    "prefer-const",
    "prefer-template",
    "preserve-caught-error",
    "require-yield",
    "use-isnan",
    "valid-typeof",
  ].map((name) => [name, "error"]),
);

const namedExportsOnly = {
  "no-restricted-exports": [
    "error",
    {
      restrictDefaultExports: {
        direct: true,
        named: true,
        defaultFrom: true,
        namedFrom: true,
        namespaceFrom: true,
      },
    },
  ],
};

export default defineConfig(
  // The clients of consumers/ are compiled by `npm run consumers`, with types that are generated.
  { ignores: ["dist/", "coverage/", ".fabula/", "consumers/*/"] },
  {
    // Comments that disable rules are errors. If a rule is wrong, change the rule in this file.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
  },
  { files: ["**/*.{ts,mjs,cjs,js}"], rules: mistakes },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/..` },
    },
    rules: {
      ...size,
      ...namedExportsOnly,
      "@typescript-eslint/max-params": ["error", { max: 4, countVoidThis: false }],
      eqeqeq: ["error", "always"],
      "no-restricted-syntax": ["error", noEnum],

      // This rule is safe only because decorator metadata is not emitted. A decorator names a class
      // in a function, `@Field(() => Story)`. The compiler keeps the import of this class, because
      // the function uses the class as a value.
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { prefer: "type-imports", fixStyle: "separate-type-imports" },
      ],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/consistent-type-exports": "error",

      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-expect-error": true, "ts-ignore": true, "ts-nocheck": true, "ts-check": true },
      ],
      // Some classes for type-graphql and TypeORM have only decorators and no members.
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      // The methods of a port are async in every adapter. Even if a method awaits nothing, `async`
      // turns a thrown error into a rejected promise.
      "@typescript-eslint/require-await": "off",
      // Rows and GraphQL objects are plain objects with the shape of their class.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // The analyser spreads strings to count code points.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      // For strings, `||` is allowed, because an empty title or variable counts as missing.
      "@typescript-eslint/prefer-nullish-coalescing": [
        "error",
        { ignorePrimitives: { string: true } },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
    },
  },
  {
    files: SOURCE,
    rules: {
      "no-console": "error",
      "no-restricted-syntax": ["error", noEnum, noAmbientClock],
      "no-restricted-properties": [
        "error",
        environment,
        { object: "Date", property: "now", message: "Take the time from the clock argument." },
        { object: "Math", property: "random", message: "Take random values from an argument." },
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: ["node:process", "process"].map((name) => ({
            name,
            importNames: ["env", "default"],
            message: "Only src/config.ts reads the environment.",
          })),
        },
      ],
    },
  },
  {
    files: ["src/config.ts"],
    rules: { "no-restricted-properties": "off", "no-restricted-imports": "off" },
  },
  // platform may read the system's clock: it contains the clock itself, and code that waits for a
  // real server or for another process's lock.
  {
    files: ["src/platform/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", noEnum],
      "no-restricted-properties": ["error", environment],
    },
  },
  // These files write to the terminal.
  { files: ENTRY_FILES, rules: { "no-console": "off" } },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", noEnum, ...noSkippedTest],
      // Expected objects contain matchers such as `expect.any(String)`, whose type in jest is
      // `any`.
      "@typescript-eslint/no-unsafe-assignment": "off",
      // `expect(port.method)` refers to a method without calling it.
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["setTimeout", "setInterval"].map((name) => ({
          name,
          message: "Wait for an event, never for time.",
        })),
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: ["node:timers/promises", "timers/promises", "node:timers", "timers"].map(
            (name) => ({ name, message: "Wait for an event, never for time." }),
          ),
        },
      ],
    },
  },
  // The limit for functions does not apply to describe blocks. The limit for files applies.
  { files: ["test/**/*.test.ts"], rules: { "max-lines-per-function": "off" } },
  {
    files: ["**/*.{mjs,cjs,js}"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", fetch: "readonly" },
    },
    rules: { ...size, "no-undef": "error", "no-unused-vars": "error", eqeqeq: "error" },
  },
  // TypeORM's command line and the tools need a default export.
  { files: ["ormconfig.ts", "**/*.mjs"], rules: { "no-restricted-exports": "off" } },
  {
    files: ["**/*{utils,util,helpers,helper,manager,common,misc}.*"],
    rules: noWholeFile("Name the file after its noun and role: <noun>.<role>.ts."),
  },
  {
    files: ["src/*/*/**/index.ts", "src/index.ts"],
    // Other code uses these two folders only through index.ts, as .config/dependency-cruiser.mjs
    // checks.
    ignores: [
      "src/reference/analysis/analyser/index.ts",
      "src/platform/embedded-postgres/index.ts",
    ],
    rules: noWholeFile("index.ts exists only at an area's front door."),
  },
);
