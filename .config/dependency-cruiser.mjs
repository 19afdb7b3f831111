// The direction of the areas:
//
//   main | worker | cli | legacy/migrate -> app -> http, graphql -> instances -> reference -> platform
//
// Imports of types count too: an area that needs the types of another area depends on the other
// area.

const ENTRY = "^src/(main|worker|cli|legacy/migrate)(\\.ts$|/)";
const APP = "^src/app(\\.ts$|/)";
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
    "reference and instances do not import the code that calls, configures or assembles them.",
    { path: "^src/(reference|instances)/" },
    { path: ["^src/(graphql|http|legacy|seed)/", "^src/config(-values|-llm)?\\.ts$", APP, ENTRY] },
  ),
  rule(
    "platform-is-the-floor",
    "platform imports no other area.",
    { path: "^src/platform/" },
    { path: ABOVE_PLATFORM },
  ),
  rule(
    "providers-know-no-domain",
    "A provider imports only its port, remote, platform and audio. It needs audio because a speech engine returns PCM.",
    { path: "^src/providers/([^/]+)/" },
    { path: "^src/", pathNot: ["^src/platform/", "^src/providers/($1|remote)/", "^src/audio/"] },
  ),
  rule(
    "jobs-know-no-domain",
    "The queue transports names and payloads. The areas supply the handlers.",
    { path: "^src/jobs/" },
    { path: "^src/", pathNot: ["^src/platform/", "^src/jobs/"] },
  ),
  rule(
    "audio-is-pure",
    "audio contains functions on PCM. It imports no other area and uses no disk, no network and no process.",
    { path: "^src/audio/", pathNot: "\\.worker\\.ts$" },
    {
      path: ["^src/", "^(node:)?(fs|fs/promises|net|http|https|child_process)$"],
      pathNot: ["^src/audio/", "^src/platform/errors\\.ts$"],
    },
  ),
  rule(
    "spoken-form-is-pure",
    "The spoken form is a function of a text. It imports no other area and uses no disk, no network and no process.",
    { path: "^src/spoken-form/" },
    {
      path: ["^src/", "^(node:)?(fs|fs/promises|net|http|https|child_process)$"],
      pathNot: ["^src/spoken-form/", "^src/platform/(text/|errors\\.ts$)"],
    },
  ),
  rule(
    "analyser-is-pure",
    "The analyser contains functions on text. It uses no store, no database, no network and no process.",
    { path: "^src/reference/analysis/analyser/", pathNot: "\\.worker\\.ts$" },
    {
      path: ["^src/", "^(node:)?(net|http|https|child_process)$", "^node_modules/(typeorm|pg)/"],
      pathNot: [
        "^src/reference/(analysis/analyser|reading)/",
        "^src/platform/(errors\\.ts$|text/)",
      ],
    },
  ),
  rule(
    "reading-is-pure",
    "Reading contains functions on text, which know no analysis. The one package they use is a table of HTML's entities.",
    { path: "^src/reference/reading/" },
    {
      path: ["^src/", "^(node:)?(fs|fs/promises|net|http|https|child_process)$", "^node_modules/"],
      pathNot: ["^src/reference/reading/", "^src/platform/text/", "^node_modules/entities/"],
    },
  ),
  rule(
    "graphql-translates-only",
    "graphql uses services and loaders through the areas' front doors. It contains no SQL, and imports no vendor and no transport.",
    { path: "^src/graphql/" },
    {
      path: [
        "^src/(http|legacy|seed|audio)/",
        "^src/config(-values|-llm)?\\.ts$",
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
    {
      path: [
        "^src/(legacy|seed)/",
        "^src/config(-values|-llm)?\\.ts$",
        APP,
        ENTRY,
        "^node_modules/typeorm/",
      ],
    },
  ),
  rule(
    "only-processes-import-the-app",
    "Only the process files import src/app.ts and src/app/, which assemble the app.",
    { path: "^src/", pathNot: [APP, ENTRY] },
    { path: APP },
  ),
  rule(
    "nothing-imports-a-process",
    "The process files start a process when they are imported.",
    { path: "^src/", pathNot: ENTRY },
    { path: ENTRY },
  ),
  rule(
    "legacy-is-deletable",
    "Only src/app.ts imports the folder of the online migration, because the folder will be deleted.",
    { path: "^(src|migrations)/", pathNot: ["^src/legacy/", APP] },
    { path: "^src/legacy/" },
  ),
  rule(
    "seed-is-optional",
    "Only the app and the process files import the demo stories. Other code must work without them.",
    { path: "^src/", pathNot: ["^src/seed/", APP, ENTRY] },
    { path: "^src/seed/" },
  ),
  rule(
    "migrations-import-nothing",
    "A migration imports no other code, because a migration must never change and other code does.",
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
    "Other code imports the analyser only through its index.ts or its worker file.",
    { path: "^src/", pathNot: "^src/reference/analysis/analyser/" },
    {
      path: "^src/reference/analysis/analyser/",
      pathNot: "^src/reference/analysis/analyser/(index|[^/]+\\.worker)\\.ts$",
    },
  ),
  rule(
    "front-door-spoken-form",
    "Other code imports the spoken form only through its index.ts.",
    { path: "^src/", pathNot: "^src/spoken-form/" },
    { path: "^src/spoken-form/", pathNot: "^src/spoken-form/index\\.ts$" },
  ),
  rule(
    "front-door-embedded-postgres",
    "Other code imports the launcher only through its index.ts.",
    { path: "^src/", pathNot: "^src/platform/embedded-postgres/" },
    {
      path: "^src/platform/embedded-postgres/",
      pathNot: "^src/platform/embedded-postgres/index\\.ts$",
    },
  ),
  rule(
    "no-way-back-through-the-front-door",
    "Inside an area, files import each other directly. An import of the area's own index.ts would be a cycle.",
    { path: "^src/(reference|instances)/" },
    { path: "^src/$1/index\\.ts$" },
  ),
  rule(
    "only-the-app-knows-adapters",
    "Only the app imports adapters. Other code imports the port.",
    { path: "^src/", pathNot: [APP, ENTRY, "^src/providers/", "^src/jobs/pg-boss"] },
    { path: ADAPTER },
  ),
];

// The folders inside an area depend in one direction too. Texts, analyses and templates need each
// other's rows. So between the folders story, analysis and voice-modulation only cycles of files
// are forbidden.
const within = (area, folder, above) =>
  rule(
    `${area}-${folder}-points-down`,
    "This folder must not import the folders that depend on it.",
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
    "Only platform and the job queue import pg, so that there is one pool and one place that maps SQLSTATEs.",
    { path: "^src/", pathNot: ["^src/platform/", "^src/jobs/pg-boss", "^src/legacy/"] },
    { path: "^node_modules/pg/" },
  ),
  rule(
    "resolvers-know-no-store",
    "A resolver calls services and loaders. It does not import a store, an entity or a database driver.",
    { path: "\\.resolver\\.ts$" },
    { path: ["\\.(store|entity)\\.ts$", "^node_modules/(typeorm|pg)/"] },
  ),
];

const hygiene = [
  {
    name: "no-cycle",
    comment:
      "Decorators run on import, so in a cycle one of the classes is undefined. For a cycle that has only types, move the shared type to its own file.",
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
      // The browser loads the playground's assets by URL. No file imports the type declarations of
      // packages.
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
    "The server must run after `npm ci --omit=dev`, so source imports no dev dependency.",
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
