/** The place of a segment in its analysis. */
export interface SegmentPlace {
  readonly analysisId: number;
  readonly position: number;
}

/** Returns a place as the key of a loader. */
export const placeKey = (analysisId: number, position: number): string =>
  `${analysisId} ${position}`;

export const keyOfPlace = ({ analysisId, position }: SegmentPlace): string =>
  placeKey(analysisId, position);

export const placeOf = (key: string): SegmentPlace => {
  const [analysisId, position] = key.split(" ").map(Number);
  return { analysisId: analysisId ?? 0, position: position ?? 0 };
};
