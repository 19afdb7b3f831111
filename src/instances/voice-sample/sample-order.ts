/** A recording to process. This is the payload of the job. */
export interface SampleOrder {
  readonly userId: string;
  readonly sampleId: string;
}

/** The NOTIFY channel of voice samples. The payload is the id of the voice sample. */
export const SAMPLE_CHANNEL = "voice_sample";
