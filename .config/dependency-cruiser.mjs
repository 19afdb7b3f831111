// The direction of the areas:
//
//   main | worker | cli -> app -> http, graphql -> instances -> reference -> platform
//
// Type-only imports count: an area that needs the types of another area depends on that area.

const ENTRY = "^src/(main|worker|cli)(\\.ts$|/)";
const APP = "^src/app\\.ts$";
const ABOVE_PLATFORM = "^src/(?!platform/)";
const FRONT_DOORS = "^src/(reference|instances)/index\\.ts$";
const ADAPTER = ["^src/providers/[^/]+/(?!.*\\.port\\.ts$)", "^src/jobs/pg-boss[^/]*\\.ts$"];
const OUTSIDE_SOURCE = "^(test|bench)/";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const direction = [
  rule(
    "reference-knows-no-instances",
    "Reference data never refers to instances.",
    { path: "^src/reference/" },
    { path: "^src/instances/" },
  ),
  rule(
    "domain-knows-no-transport",
    "reference and instances do not know how they are called, configured or assembled.",
    { path: "^src/(reference|instances)/" },
    { path: ["^src/(graphql|http|legacy|seed)/", "^src/config\\.ts$", APP, ENTRY] },
  ),
  rule(
    "platform-is-the-floor",
    "platform imports nothing above it.",
    { path: "^src/platform/" },
    { path: ABOVE_PLATFORM },
  ),
  rule(
    "providers-know-no-domain",
    "A provider imports only its port, the platform and audio; a speech engine returns PCM.",
    { path: "^src/providers/([^/]+)/" },
    { path: "^src/", pathNot: ["^src/platform/", "^src/providers/$1/", "^src/audio/"] },
  ),
  rule(
    "jobs-know-no-domain",
    "The queue transports names and payloads. The areas supply the handlers.",
    { path: "^src/jobs/" },
    { path: "^src/", pathNot: ["^src/platform/", "^src/jobs/"] },
  ),
  rule(
    "audio-is-pure",
    "Functions on PCM: no other area, no disk, no network, no process.",
    { path: "^src/audio/", pathNot: "\\.worker\\.ts$" },
    {
      path: ["^src/", "^(node:)?(fs|fs/promises|net|http|https|child_process)$"],
      pathNot: ["^src/audio/", "^src/platform/errors\\.ts$"],
    },
  ),
  rule(
    "analyser-is-pure",
    "Functions on text: no store, no database, no network, no process.",
    { path: "^src/reference/analysis/analyser/", pathNot: "\\.worker\\.ts$" },
    {
      path: ["^src/", "^(node:)?(net|http|https|child_process)$", "^node_modules/(typeorm|pg)/"],
      pathNot: ["^src/reference/analysis/analyser/", "^src/platform/errors\\.ts$"],
    },
  ),
  rule(
    "graphql-translates-only",
    "No SQL, no vendor, no transport: services and loaders through the areas' front doors.",
    { path: "^src/graphql/" },
    {
      path: [
        "^src/(http|legacy|seed|audio)/",
        "^src/config\\.ts$",
        APP,
        ENTRY,
        "^node_modules/(typeorm|pg|pg-boss)/",
      ],
    },
  ),
  rule(
    "http-is-wired-by-the-app",
    "The app passes the configuration to http.",
    { path: "^src/http/" },
    { path: ["^src/(legacy|seed)/", "^src/config\\.ts$", APP, ENTRY, "^node_modules/typeorm/"] },
  ),
  rule(
    "only-processes-import-the-app",
    "The composition root is the top.",
    { path: "^src/", pathNot: ENTRY },
    { path: APP },
  ),
  rule(
    "nothing-imports-a-process",
    "The process files have side effects on import.",
    { path: "^src/", pathNot: ENTRY },
    { path: ENTRY },
  ),
  rule(
    "legacy-is-deletable",
    "The folder of the online migration will be deleted. Only the composition root imports it.",
    { path: "^(src|migrations)/", pathNot: ["^src/legacy/", APP] },
    { path: "^src/legacy/" },
  ),
  rule(
    "seed-is-optional",
    "The demo stories are for an empty embedded database; no other code needs them.",
    { path: "^src/", pathNot: ["^src/seed/", APP, ENTRY] },
    { path: "^src/seed/" },
  ),
  rule(
    "migrations-import-nothing",
    "A migration never changes, but src does.",
    { path: "^migrations/" },
    { path: "^(src|test|bench)/" },
  ),
  rule(
    "source-knows-no-tests",
    "Production code does not import tests or benches.",
    { path: "^(src/|migrations/|ormconfig\\.ts$)" },
    { path: OUTSIDE_SOURCE },
  ),
];

const doors = [
  rule(
    "front-door-reference",
    "Other areas import src/reference only through its index.ts.",
    { path: "^(src/|ormconfig\\.ts$)", pathNot: "^src/reference/" },
    { path: "^src/reference/", pathNot: FRONT_DOORS },
  ),
  rule(
    "front-door-instances",
    "Other areas import src/instances only through its index.ts.",
    { path: "^(src/|ormconfig\\.ts$)", pathNot: "^src/instances/" },
    { path: "^src/instances/", pathNot: FRONT_DOORS },
  ),
  rule(
    "front-door-analyser",
    "Callers use the analyser only as one function on text, or through its worker file.",
    { path: "^src/", pathNot: "^src/reference/analysis/analyser/" },
    {
      path: "^src/reference/analysis/analyser/",
      pathNot: "^src/reference/analysis/analyser/(index|[^/]+\\.worker)\\.ts$",
    },
  ),
  rule(
    "front-door-embedded-postgres",
    "Other code imports the launcher only through its index.ts. Only one place chooses which PostgreSQL to use.",
    { path: "^src/", pathNot: "^src/platform/embedded-postgres/" },
    {
      path: "^src/platform/embedded-postgres/",
      pathNot: "^src/platform/embedded-postgres/index\\.ts$",
    },
  ),
  rule(
    "no-way-back-through-the-front-door",
    "Inside an area, files import each other directly. An import of their own index.ts would be a cycle.",
    { path: "^src/(reference|instances)/" },
    { path: "^src/$1/index\\.ts$" },
  ),
  rule(
    "only-the-app-knows-adapters",
    "All other code imports only the port.",
    { path: "^src/", pathNot: [APP, ENTRY, "^src/providers/", "^src/jobs/pg-boss"] },
    { path: ADAPTER },
  ),
];

// Inside an area, folders depend in one direction as well. Texts, analyses and templates need each
// other's rows, so between those three folders only cycles of files are forbidden.
const within = (area, folder, above) =>
  rule(
    `${area}-${folder}-points-down`,
    "A folder does not import the folders above it in its area.",
    { path: `^src/${area}/${folder}/` },
    { path: `^src/${area}/(${above.join("|")})/` },
  );

const subAreas = [
  within("reference", "story", ["edition"]),
  within("reference", "analysis", ["edition"]),
  within("reference", "voice-modulation", ["edition"]),
  within("instances", "narration", ["listening"]),
  within("instances", "emotion-voice", ["listening", "narration"]),
  within("instances", "voice-sample", ["listening", "narration", "emotion-voice"]),
  within("instances", "consent", ["listening", "narration", "emotion-voice", "voice-sample"]),
];

const database = [
  rule(
    "typeorm-only-in-stores",
    "Only stores contain SQL. Services use transactions of platform/database.",
    {
      path: "^src/",
      pathNot: ["\\.(store|entity)\\.ts$", "^src/platform/database", "^src/legacy/"],
    },
    { path: "^node_modules/typeorm/", dependencyTypesNot: ["type-only"] },
  ),
  rule(
    "pg-only-at-the-floor",
    "One pool, one place that maps SQLSTATE.",
    { path: "^src/", pathNot: ["^src/platform/", "^src/jobs/pg-boss", "^src/legacy/"] },
    { path: "^node_modules/pg/" },
  ),
  rule(
    "resolvers-know-no-store",
    "A resolver translates and calls.",
    { path: "\\.resolver\\.ts$" },
    { path: ["\\.(store|entity)\\.ts$", "^node_modules/(typeorm|pg)/"] },
  ),
];

const hygiene = [
  {
    name: "no-cycle",
    comment:
      "Decorators run on import. In a cycle, one of the classes is undefined. A cycle of types only means that a shared type needs its own file.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  rule(
    "no-orphan",
    "A file without imports that no other file imports is unused.",
    {
      orphan: true,
      path: "^(src|migrations|bench)/",
      // The browser loads the playground's assets by URL. Type declarations of packages are ambient.
      pathNot: [ENTRY, "^src/http/playground/assets/", "\\.d\\.ts$"],
    },
    {},
  ),
  rule("resolvable", "The imported file does not exist.", {}, { couldNotResolve: true }),
  rule(
    "dependencies-are-declared",
    "Code may import only packages that package.json lists.",
    {},
    { dependencyTypes: ["npm-no-pkg", "npm-unknown", "undetermined"] },
  ),
  rule(
    "source-needs-no-dev-dependency",
    "`npm ci --omit=dev` must run.",
    { path: "^(src|migrations)/" },
    { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
  ),
];

export default {
  forbidden: [...direction, ...doors, ...subAreas, ...database, ...hygiene],
  options: {
    doNotFollow: { path: "^node_modules/" },
    exclude: { path: "^dist/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
