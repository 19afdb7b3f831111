import { queryAs, selectList } from "../../platform/database/reading/columns.js";
import type { VersionedRow } from "../../platform/database/reading/row-cache.js";
import {
  type SharedRows,
  pageOfWhole,
  rowsByIds,
  wholeRows,
} from "../../platform/database/reading/shared-rows.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  nodesOf,
  pageOf,
} from "../../platform/database/reading/keyset.js";
import { countsByParent, pagesByParent } from "../../platform/database/reading/parents.js";
import type { Search } from "../../platform/text/search.js";
import { selectMatching } from "../story/listing/matching-stories.js";
import { StoryEntity } from "../story/story.entity.js";
import type { ExtractedTemplate } from "./extraction.js";
import { type ModulationType, TemplateEntity } from "./template.entity.js";

/**
 * Orders templates alphabetically by type and key. The id never decides the order, because type and
 * key together are unique.
 */
const BY_KEY: ListOrder = {
  sort: "(t.modulation_type || ' ' || t.modulation_key)",
  type: "text",
  id: "t.id",
  idType: "integer",
  descending: false,
};

/** Orders the templates of an analysis by frequency, the most frequent first. */
const BY_OCCURRENCES: ListOrder = {
  sort: "o.occurrences",
  type: "integer",
  id: "o.template_id",
  idType: "integer",
  descending: true,
};

const STORIES: ListOrder = {
  sort: "s.published_at",
  type: "timestamptz",
  id: "s.id",
  idType: "integer",
  descending: true,
};

/**
 * Joins the public stories `s` with the texts that contain the template `p.id`. OFFSET 0 makes PostgreSQL look up the
 * stories of each text. Otherwise it could read all stories.
 */
const STORIES_OF_TEMPLATE = `(SELECT DISTINCT t.* FROM reference.texts_of_template(p.id) t) t
  CROSS JOIN LATERAL (
    SELECT s.id, s.published_at FROM reference.stories s
    WHERE s.content_hash = t.content_hash AND s.language = t.language AND s.visibility = 'public' OFFSET 0) s`;

export interface TemplateFilter {
  readonly types?: readonly ModulationType[] | undefined;
  readonly search?: Search | undefined;
}

interface Occurrence {
  readonly analysisId: number;
  readonly occurrences: number;
  readonly strength: number;
  readonly examplePosition: number | null;
}

/** A template with its occurrences in one analysis. */
export interface OccurringTemplate extends Occurrence {
  readonly template: TemplateEntity;
}

const occurringOf = (
  { analysisId, occurrences, strength, examplePosition }: Occurrence,
  template: TemplateEntity,
): OccurringTemplate => ({ template, analysisId, occurrences, strength, examplePosition });

const wholeTemplates = wholeRows(TemplateEntity);

export const templateStore = {
  /** Returns the keys of the active emotions. */
  emotionKeys: async (tx: Tx): Promise<string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT t.modulation_key AS key FROM reference.voice_modulation_templates t
       WHERE t.is_active AND t.modulation_type = 'emotion' ORDER BY t.modulation_key`,
    );
    return rows.map(({ key }) => key);
  },

  byIds: (
    tx: Tx,
    ids: readonly number[],
    templates: SharedRows<TemplateEntity> = wholeTemplates,
  ): Promise<TemplateEntity[]> => rowsByIds(tx, ids, TemplateEntity, templates),

  page: async (
    tx: Tx,
    { page, ...filter }: TemplateFilter & { readonly page: PageRequest },
    templates: SharedRows<TemplateEntity> = wholeTemplates,
  ): Promise<Page<TemplateEntity>> => {
    const sql = new SqlValues();
    const keyset = keysetClauses(BY_KEY, page, sql);
    const rows = await tx.query<Keyed<VersionedRow>[]>(
      `SELECT ${templates.columns(tx, "t")}, ${keyset.select} FROM reference.voice_modulation_templates t
       WHERE t.is_active${filterClauses(filter, sql)}${keyset.where}${keyset.orderBy}${keyset.limit}`,
      sql.values,
    );
    const listed = pageOf(rows, page);
    return pageOfWhole(listed, await templates.complete(tx, listed.nodes));
  },

  count: async (tx: Tx, filter: TemplateFilter): Promise<number> => {
    const sql = new SqlValues();
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM reference.voice_modulation_templates t
       WHERE t.is_active${filterClauses(filter, sql)}`,
      sql.values,
    );
    return row?.count ?? 0;
  },

  pagesByAnalysis: async (
    tx: Tx,
    analysisIds: readonly number[],
    { page, ...filter }: TemplateFilter & { readonly page: PageRequest },
    templates: SharedRows<TemplateEntity> = wholeTemplates,
  ): Promise<Map<number, Page<OccurringTemplate>>> => {
    const sql = new SqlValues();
    const parents = sql.bind(analysisIds);
    const keyset = keysetClauses(BY_OCCURRENCES, page, sql);
    const rows = await tx.query<Keyed<VersionedRow & Occurrence>[]>(
      `SELECT o.* FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${templates.columns(tx, "t")}, o.analysis_id AS "analysisId", o.occurrences,
           o.strength, o.example_position AS "examplePosition", ${keyset.select}
         FROM reference.story_modulation_occurrences o
         CROSS JOIN LATERAL (${templateOf("o", filter, sql)}) t
         WHERE o.analysis_id = p.id${keyset.where}${keyset.orderBy}${keyset.limit}) o`,
      sql.values,
    );
    const pages = pagesByParent(rows, page, ({ analysisId }) => analysisId);
    const whole = await templates.complete(tx, nodesOf(pages.values()));
    const occurring = new Map(
      [...whole].map(([row, template]) => [row, occurringOf(row, template)]),
    );
    return new Map([...pages].map(([id, listed]) => [id, pageOfWhole(listed, occurring)]));
  },

  countsByAnalysis: (
    tx: Tx,
    analysisIds: readonly number[],
    filter: TemplateFilter,
  ): Promise<Map<number, number>> => {
    const sql = new SqlValues();
    const parents = sql.bind(analysisIds);
    return countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM reference.story_modulation_occurrences o
         CROSS JOIN LATERAL (${templateOf("o", filter, sql)}) t
         WHERE o.analysis_id = p.id) c WHERE c.count > 0`,
      sql.values,
    );
  },

  /** Returns the public stories that contain each template, newest first. */
  storyPages: async (
    tx: Tx,
    templateIds: readonly number[],
    page: PageRequest,
  ): Promise<Map<number, Page<StoryEntity>>> => {
    const sql = new SqlValues();
    const parents = sql.bind(templateIds);
    const stories = selectMatching(
      STORIES,
      page,
      {
        table: "reference.stories s",
        listed: "s.visibility = 'public'",
        columns: selectList(tx, StoryEntity, "s"),
        matches: `CROSS JOIN LATERAL (
          SELECT FROM reference.story_analyses a
          JOIN reference.story_modulation_occurrences o ON o.analysis_id = a.id AND o.template_id = p.id
          WHERE a.content_hash = s.content_hash AND a.language = s.language LIMIT 1) has`,
        found: STORIES_OF_TEMPLATE,
        isFrequent: (count) => `EXISTS (
          SELECT FROM reference.story_modulation_occurrences o
          WHERE o.template_id = p.id OFFSET ${count} LIMIT 1)`,
      },
      sql,
    );
    const rows = await queryAs(
      tx,
      StoryEntity,
      `SELECT s.*, p.id AS "templateId" FROM unnest(${parents}::int[]) AS p (id)
       CROSS JOIN LATERAL (${stories}) s`,
      sql.values,
    );
    return pagesByParent(
      rows as Keyed<StoryEntity & { templateId: number }>[],
      page,
      ({ templateId }) => templateId,
    );
  },

  storyCounts: (tx: Tx, templateIds: readonly number[]): Promise<Map<number, number>> =>
    countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest($1::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM ${STORIES_OF_TEMPLATE}) c WHERE c.count > 0`,
      [templateIds],
    ),

  /**
   * Returns the source story of each template: the first published story with the text in which the
   * template was first found.
   */
  sourceStories: async (
    tx: Tx,
    templateIds: readonly number[],
  ): Promise<(StoryEntity & { readonly templateId: number })[]> => {
    const rows = await queryAs(
      tx,
      StoryEntity,
      `SELECT s.*, t.id AS "templateId" FROM reference.voice_modulation_templates t
       JOIN reference.story_analyses a ON a.id = t.source_analysis_id
       CROSS JOIN LATERAL (
         SELECT ${selectList(tx, StoryEntity, "s")} FROM reference.stories s
         WHERE s.content_hash = a.content_hash AND s.language = a.language AND s.visibility <> 'draft'
         ORDER BY s.published_at, s.id LIMIT 1) s
       WHERE t.id = ANY($1)`,
      [templateIds],
    );
    return rows as (StoryEntity & { readonly templateId: number })[];
  },

  /**
   * Merges the templates of an analysis into the catalogue by (type, key). The first analysis with
   * a template becomes the template's source, also of a template without a source. Every analysis stores its own occurrences. `found`
   * must be sorted by type and key. Otherwise, two analyses that are stored at the same time could
   * deadlock.
   */
  merge: async (tx: Tx, analysisId: number, found: readonly ExtractedTemplate[]): Promise<void> => {
    const rows = JSON.stringify(
      found.map((template) => ({
        type: template.type,
        key: template.key,
        display_name: template.displayName,
        description: template.description,
        sample_text: template.sampleText,
        category: template.category,
        occurrences: template.occurrences,
        strength: template.strength,
        example_position: template.examplePosition,
      })),
    );
    await tx.query(
      `WITH sourceless AS (
         SELECT t.id FROM reference.voice_modulation_templates t
         JOIN jsonb_to_recordset($2::jsonb) AS r (type text, key text)
           ON t.modulation_type = r.type AND t.modulation_key = r.key
         WHERE t.source_analysis_id IS NULL ORDER BY t.id FOR UPDATE OF t),
       sourced AS (
         UPDATE reference.voice_modulation_templates t SET source_analysis_id = $1
         FROM sourceless s WHERE t.id = s.id)
       INSERT INTO reference.voice_modulation_templates
         (modulation_type, modulation_key, display_name, description, sample_text, category, source_analysis_id)
       SELECT r.type, r.key, r.display_name, r.description, r.sample_text, r.category, $1
       FROM jsonb_to_recordset($2::jsonb) AS r (type text, key text, display_name text, description text,
         sample_text text, category text)
       ON CONFLICT DO NOTHING`,
      [analysisId, rows],
    );
    await tx.query(
      `INSERT INTO reference.story_modulation_occurrences
         (analysis_id, template_id, occurrences, strength, example_position)
       SELECT $1, t.id, r.occurrences, r.strength, r.example_position
       FROM jsonb_to_recordset($2::jsonb) AS r (type text, key text, occurrences int, strength real, example_position int)
       JOIN reference.voice_modulation_templates t ON t.modulation_type = r.type AND t.modulation_key = r.key`,
      [analysisId, rows],
    );
  },
};

/**
 * Returns the SELECT of the active template of the occurrence. OFFSET 0 makes PostgreSQL look up the template of
 * each occurrence. Otherwise it could read the whole catalogue for each analysis.
 */
const templateOf = (occurrence: string, filter: TemplateFilter, sql: SqlValues): string =>
  `SELECT t.* FROM reference.voice_modulation_templates t
   WHERE t.id = ${occurrence}.template_id AND t.is_active${filterClauses(filter, sql)} OFFSET 0`;

function filterClauses(filter: TemplateFilter, sql: SqlValues): string {
  const types = filter.types ? ` AND t.modulation_type = ANY(${sql.bind(filter.types)})` : "";
  // The expression is that of the index voice_modulation_templates_words.
  const search = filter.search
    ? ` AND reference.word_vector(t.modulation_key || ' ' || t.display_name || ' ' || t.description)
        @@ (SELECT reference.search_query(${sql.bind(JSON.stringify(filter.search))}::jsonb, 'all'))`
    : "";
  return types + search;
}
