import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";
import { type TestApp, testApp } from "../support/app.js";

interface CatalogueColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly default: string | null;
  /** Position in the primary key, from 1. Null if the column is not part of the key. */
  readonly keyPlace: number | null;
}

const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
  NOT a.attnotnull AS "isNullable",
  CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default,
  array_position(i.indkey::int[], a.attnum::int) + 1 AS "keyPlace"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE n.nspname IN ('platform', 'reference', 'instances') AND c.relkind IN ('r', 'p')
ORDER BY 1, a.attnum`;

// Tables without an entity, each with the reason.
const WITHOUT_ENTITY = [
  "platform.migrations", // belongs to TypeORM
  "reference.template_changes", // triggers change it, and statements read it as one number
  "platform.id_key", // one row, which a process reads when it starts
  "reference.listed_stories", // triggers change it, and lists read ids and places
  "reference.earlier_texts", // functions change it, and nothing else reads it
  "reference.story_listeners", // triggers change it, and nothing else reads it
  "platform.pending_scripts", // code only adds and removes rows
  "platform.expiring_consents", // code only adds and removes rows
  "platform.renders_under_way", // code only adds and removes rows
  "platform.samples_in_processing", // code only adds and removes rows
  "platform.voices_in_training", // code only adds and removes rows
  "reference.model_answers", // jobs keep them for each other, and delete them
  "reference.model_usage", // jobs add to it, and read one number
  "platform.vendor_voices", // belongs to no person's rows; jobs read and change it
];

let app: TestApp;
let catalogue: Map<string, CatalogueColumn[]>;
beforeAll(async () => {
  app = await testApp();
  const columns = await app.superuser<CatalogueColumn>(COLUMNS);
  catalogue = Map.groupBy(columns, ({ table }) => table);
});
afterAll(() => app.close());

const entities = () => app.database.dataSource.entityMetadatas;
const tableOf = ({ schema, tableName }: { schema?: string; tableName: string }): string =>
  `${String(schema)}.${tableName}`;

test("every table has an entity or a reason for none", () => {
  const withEntity = entities().map(tableOf);

  expect([...withEntity, ...WITHOUT_ENTITY].sort()).toEqual([...catalogue.keys()].sort());
});

test("every entity has its table's columns, types, nullability, defaults and key", () => {
  for (const entity of entities()) {
    const table = tableOf(entity);

    const declared = entity.columns.map((column) => declaredColumn(table, column));

    const migrated = (catalogue.get(table) ?? []).map(comparable);
    expect(byName(declared)).toEqual(byName(migrated));
  }
});

test("entities refer to each other only by id", () => {
  expect(entities().filter(({ relations }) => relations.length > 0)).toEqual([]);
});

const byName = (columns: readonly CatalogueColumn[]): CatalogueColumn[] =>
  [...columns].sort((a, b) => (a.column < b.column ? -1 : 1));

function declaredColumn(table: string, column: ColumnMetadata): CatalogueColumn {
  const { driver } = app.database.dataSource;
  const { primaryColumns } = column.entityMetadata;
  const type = TYPE_NAMES[driver.normalizeType(column)] ?? driver.normalizeType(column);
  return {
    table,
    column: column.databaseName,
    type: column.isArray ? `${type}[]` : type,
    isNullable: column.isNullable,
    default: column.isGenerated ? "generated" : defaultOf(driver.normalizeDefault(column)),
    keyPlace: column.isPrimary ? primaryColumns.indexOf(column) + 1 : null,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  timestamptz: "timestamp with time zone",
  varchar: "character varying",
};

const comparable = (column: CatalogueColumn): CatalogueColumn => ({
  ...column,
  default: (column.default ?? "").startsWith("nextval('reference.")
    ? "generated"
    : defaultOf(column.default ?? undefined),
});

/**
 * Returns a default in one form, so that the catalogue and the entities can be compared. Removes the
 * casts that PostgreSQL adds, and the quotation marks that TypeORM puts around numbers.
 */
function defaultOf(expression: string | undefined): string | null {
  if (expression === undefined) return null;
  return expression.replace(/::(text\[\]|text|jsonb|regclass)/g, "").replace(/^'(\d+)'$/, "$1");
}
