import { AUTHOR, type ListCase, PARENTS, READER, globalIds, listsOf, pageOf } from "./list-case.js";

const NARRATION = "id title status";
const NARRATION_COLUMNS = "n.id, n.title, n.status";
const SEGMENT = "id kind text";
const RECENT = "n.created_at DESC, n.id DESC";

const own = (list: string): string => `{ viewer { list: ${list} } }`;

const ownNarrations = (name: string, args: string, condition = "true"): ListCase => ({
  name: `User.narrations${name}`,
  viewer: READER,
  query: own(`narrations(${args}) ${pageOf(NARRATION)}`),
  sql: `SELECT ${NARRATION_COLUMNS} FROM instances.user_story_narrations n WHERE n.user_id = $1 AND ${condition}
    ORDER BY ${RECENT} LIMIT 20`,
});

const ownStories = (name: string, args: string, condition = "true"): ListCase => ({
  name: `User.stories${name}`,
  viewer: AUTHOR,
  query: own(`stories(${args}) ${pageOf("id slug title")}`),
  sql: `SELECT s.id, s.slug, s.title FROM reference.stories s WHERE s.original_author_id = $1 AND ${condition}
    ORDER BY s.created_at DESC, s.id DESC LIMIT 20`,
});

const ofStories = (name: string, args: string, condition = "true"): ListCase => ({
  name: `ReferenceStory.userNarrations${name}`,
  viewer: READER,
  query: listsOf("ReferenceStory", `userNarrations(first: 5${args}) ${pageOf(NARRATION)}`),
  ids: globalIds("ReferenceStory", PARENTS.stories),
  sql: `SELECT n.* FROM reference.stories p CROSS JOIN LATERAL (
      SELECT ${NARRATION_COLUMNS}, n.created_at FROM instances.user_story_narrations n
      WHERE n.user_id = $1 AND n.reference_story_id = p.id AND ${condition} ORDER BY ${RECENT} LIMIT 5) n
    WHERE p.id = ANY ('{${PARENTS.stories.join()}}') ORDER BY p.id DESC, ${RECENT}`,
});

/** The first segments of own narrations that match. */
const ownSegments = (name: string, args: string, condition = "true"): ListCase => ({
  name: `UserStoryNarration.segments${name} own`,
  viewer: READER,
  query: listsOf("UserStoryNarration", `segments(first: 10${args}) ${pageOf(SEGMENT)}`),
  ids: globalIds("UserStoryNarration", PARENTS.ownNarrations),
  sql: `SELECT g.* FROM instances.user_story_narrations p CROSS JOIN LATERAL (
      SELECT g.narration_id || '.' || g.position AS id, g.kind, g.text, g.position
      FROM instances.user_narration_segments g
      WHERE g.user_id = $1 AND g.narration_id = p.id AND ${condition} ORDER BY g.position LIMIT 10) g
    WHERE p.user_id = $1 AND p.id = ANY ('{${PARENTS.ownNarrations.join()}}') ORDER BY p.id, g.position`,
});

/** The character belongs to the analysis of one story, and the other narrations have no such segments. */
const [SPEAKER = ""] = globalIds("StoryCharacter", ["20000.c1"]);

const filteredSegments = (name: string, value: string, condition: string): ListCase =>
  ownSegments(`(filter.${name})`, `, filter: { ${name}: ${value} }`, condition);

const segmentCases: ListCase[] = [
  ownSegments("", ""),
  filteredSegments("fromIndex", "5", "g.position >= 5"),
  filteredSegments("toIndex", "5", "g.position <= 5"),
  filteredSegments("kinds", "[DIALOGUE]", "g.kind = 'dialogue'"),
  filteredSegments("isEdited", "true", "g.is_edited"),
  // Without audio, no segment is stale.
  filteredSegments("isStale", "false", "true"),
  filteredSegments("speakerId", `"${SPEAKER}"`, "g.speaker_id = 'c1' AND p.analysis_id = 20000"),
];

const narrationCases: ListCase[] = [
  ownNarrations("", "first: 20"),
  ownNarrations("(status)", "first: 20, status: [READY]", "n.status = 'ready'"),
  ownNarrations("(status) absent", "first: 20, status: [QUEUED]", "n.status = 'queued'"),
  {
    name: "User.narrations totalCount",
    viewer: READER,
    query: own("narrations { totalCount }"),
    sql: `SELECT count(*)::text AS id FROM instances.user_story_narrations n WHERE n.user_id = $1`,
  },
  ofStories("", ""),
  ofStories("(status)", ", status: [READY]", "n.status = 'ready'"),
  ofStories("(status) absent", ", status: [QUEUED]", "n.status = 'queued'"),
  {
    name: "ReferenceStory.publicNarrations",
    query: listsOf("ReferenceStory", `publicNarrations(first: 5) ${pageOf(NARRATION)}`),
    ids: globalIds("ReferenceStory", PARENTS.stories),
    sql: `SELECT e.* FROM reference.stories p CROSS JOIN LATERAL (
        SELECT e.narration_id AS id, e.header ->> 'title' AS title, e.published_at
        FROM reference.published_narrations e WHERE e.reference_story_id = p.id AND e.visibility = 'public'
        ORDER BY e.published_at DESC, e.narration_id DESC LIMIT 5) e
      WHERE p.id = ANY ('{${PARENTS.stories.join()}}') ORDER BY p.id DESC, e.published_at DESC, e.id DESC`,
  },
  ...segmentCases,
  {
    name: "UserStoryNarration.segments public",
    query: listsOf("UserStoryNarration", `segments(first: 10) ${pageOf(SEGMENT)}`),
    ids: globalIds("UserStoryNarration", PARENTS.publicNarrations),
    sql: `SELECT g.* FROM reference.published_narrations p CROSS JOIN LATERAL (
        SELECT g.narration_id || '.' || g.position AS id, g.kind, g.text, g.position
        FROM reference.published_narration_segments g
        WHERE g.user_id = p.user_id AND g.narration_id = p.narration_id ORDER BY g.position LIMIT 10) g
      WHERE p.narration_id = ANY ('{${PARENTS.publicNarrations.join()}}') AND p.visibility = 'public'
      ORDER BY p.narration_id, g.position`,
  },
];

const voices = (name: string, list: string): ListCase => ({
  name,
  viewer: READER,
  query: list,
  sql: `SELECT v.voice AS id, v.display_name, v.kind, v.language, c.expires_at FROM instances.user_voices v
    LEFT JOIN instances.voice_consents c ON c.user_id = $1 AND c.is_live WHERE v.user_id = $1 ORDER BY v.id`,
  hasRowsOfDatabase: false,
});
const VOICE = pageOf("id displayName");
const VOICE_FILTERS = {
  ageGroup: "[ADULT]",
  gender: "[FEMALE]",
  kind: "[ADAPTED]",
  language: '"en"',
  provider: '"flite"',
  search: '"fli"',
};

export const instanceCases: ListCase[] = [
  ...narrationCases,
  ownStories("", "first: 20"),
  ownStories("(visibility)", "first: 20, visibility: [PUBLIC]", "s.visibility = 'public'"),
  ownStories("(visibility) absent", "first: 20, visibility: [DRAFT]", "s.visibility = 'draft'"),
  {
    name: "User.continueListening",
    viewer: READER,
    query: own(`continueListening(first: 20) ${pageOf("id slug title")}`),
    sql: `SELECT s.id, s.slug, s.title FROM instances.listening_positions l
      JOIN reference.stories s ON s.id = l.reference_story_id
      WHERE l.user_id = $1 AND NOT l.is_finished ORDER BY l.updated_at DESC, s.id DESC LIMIT 20`,
  },
  {
    name: "VoiceModulationTemplate.viewerSamples",
    viewer: READER,
    query: listsOf("VoiceModulationTemplate", `viewerSamples(first: 5) ${pageOf("id durationMs")}`),
    ids: globalIds("VoiceModulationTemplate", PARENTS.templates),
    sql: `SELECT v.* FROM reference.voice_modulation_templates p CROSS JOIN LATERAL (
        SELECT v.id, v.duration_ms, v.recorded_at FROM instances.user_voice_samples v
        WHERE v.user_id = $1 AND v.template_id = p.id ORDER BY v.recorded_at DESC, v.id DESC LIMIT 5) v
      WHERE p.id = ANY ('{${PARENTS.templates.join()}}') ORDER BY p.id, v.recorded_at DESC, v.id DESC`,
  },
  voices("User.voices", own(`voices(first: 20) ${VOICE}`)),
  voices("Query.voices", `{ list: voices(first: 20) ${VOICE} }`),
  ...Object.entries(VOICE_FILTERS).map(([filter, value]) =>
    voices(
      `Query.voices(filter.${filter})`,
      `{ list: voices(first: 20, filter: { ${filter}: ${value} }) ${VOICE} }`,
    ),
  ),
];
