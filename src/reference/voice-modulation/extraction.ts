import type { AnalysisDocument } from "../analysis/analyser/index.js";
import { ModulationType } from "./template.entity.js";

/** A template that was found in one analysis, and the segment that shows the template best. */
export interface ExtractedTemplate {
  readonly type: ModulationType;
  readonly key: string;
  readonly displayName: string;
  readonly description: string;
  readonly sampleText: string;
  readonly category: string;
  readonly occurrences: number;
  /** The largest strength of all occurrences, 0-1. */
  readonly strength: number;
  /** Index of the segment in which the template has its largest strength. */
  readonly examplePosition: number;
}

const MAX_SAMPLE_LENGTH = 240;
const NEUTRAL = "neutral";

/**
 * The emotions with the category "basic": Ekman's six emotions and neutral. Every other emotion has
 * the category "advanced".
 */
const BASIC_EMOTIONS = new Set(["anger", "disgust", "fear", "joy", "sadness", "surprise", NEUTRAL]);

type Segment = AnalysisDocument["segments"][number];

interface Occurrence {
  readonly type: ModulationType;
  readonly key: string;
  readonly strength: number;
  readonly position: number;
}

interface Found {
  /** The first occurrence with the largest strength, and its segment. */
  best: Occurrence;
  segment: Pick<Segment, "start" | "end">;
  count: number;
}

/** Finds each emotion, sound and modulation of a text once, segment by segment. */
export class TemplateExtractor {
  private readonly found = new Map<string, Found>();

  constructor(private readonly text: string) {}

  add(segment: Segment, position: number): void {
    for (const occurrence of findOccurrences(segment, position)) {
      const name = `${occurrence.type} ${occurrence.key}`;
      const known = this.found.get(name);
      if (!known) this.found.set(name, { best: occurrence, segment, count: 1 });
      else {
        known.count += 1;
        if (occurrence.strength > known.best.strength) {
          known.best = occurrence;
          known.segment = segment;
        }
      }
    }
  }

  /** Returns the templates of all segments, ordered by type and key. */
  templates(): ExtractedTemplate[] {
    return [...this.found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { best, segment, count }]) => ({
        type: best.type,
        key: best.key,
        displayName: displayNameOf(best.key),
        description: descriptionOf(best.type, best.key),
        sampleText: sampleOf(this.text.slice(segment.start, segment.end)),
        category: categoryOf(best.type, best.key),
        occurrences: count,
        strength: best.strength,
        examplePosition: best.position,
      }));
  }
}

/** Returns each emotion, sound and modulation of a document once, ordered by type and key. */
export function extractTemplates(document: AnalysisDocument, text: string): ExtractedTemplate[] {
  const extractor = new TemplateExtractor(text);
  document.segments.forEach((segment, position) => {
    extractor.add(segment, position);
  });
  return extractor.templates();
}

function findOccurrences(segment: Segment, position: number): Occurrence[] {
  const emotion: Occurrence[] =
    segment.emotion.label === NEUTRAL
      ? []
      : [
          {
            type: ModulationType.Emotion,
            key: keyOf(segment.emotion.label),
            strength: segment.emotion.intensity,
            position,
          },
        ];
  const sounds = segment.sounds.map(({ key }) => ({
    type: ModulationType.Sound,
    key: keyOf(key),
    strength: 1,
    position,
  }));
  const modulations = segment.modulations.map(({ key, strength }) => ({
    type: ModulationType.Modulation,
    key: keyOf(key),
    strength,
    position,
  }));
  return [...emotion, ...sounds, ...modulations].filter(({ key }) => key !== "");
}

const keyOf = (label: string): string => label.trim().toLowerCase();

const displayNameOf = (key: string): string => {
  const words = key.replace(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function descriptionOf(type: ModulationType, key: string): string {
  const name = key.replace(/[-_]+/g, " ");
  if (type === ModulationType.Emotion) return `A line spoken with ${name}.`;
  if (type === ModulationType.Sound) return `The sound of ${name} in the scene.`;
  return `A line delivered as ${name}.`;
}

function categoryOf(type: ModulationType, key: string): string {
  if (type !== ModulationType.Emotion) return type;
  return BASIC_EMOTIONS.has(key) ? "basic" : "advanced";
}

/**
 * Returns the text of an example. A text of more than 240 characters is cut at the end of a
 * sentence or a word.
 */
function sampleOf(text: string): string {
  const sample = text.replace(/\s+/g, " ").trim();
  if (sample.length <= MAX_SAMPLE_LENGTH) return sample;
  const head = sample.slice(0, MAX_SAMPLE_LENGTH);
  const sentenceEnd = Math.max(...[". ", "! ", "? "].map((mark) => head.lastIndexOf(mark)));
  if (sentenceEnd > 40) return head.slice(0, sentenceEnd + 1);
  return `${head.slice(0, head.lastIndexOf(" ")).trim()}…`;
}
