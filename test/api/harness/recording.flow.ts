import type { ApiApp } from "../../support/api.js";
import type { GraphqlClient } from "./graphql.client.js";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { CONSENT_STATEMENT } from "../../../src/instances/index.js";

const ERRORS = "userErrors { code message path }";
const SAMPLE = `id sampleStatus state transcript durationMs isPreferred isLocked audioUrl template { key }
  quality { score speechSeconds snrDb clipping voicedShare levelDb issues { code advice } }`;

const GRANT = `mutation ($input: GrantVoiceConsentInput!) { grantVoiceConsent(input: $input) { ${ERRORS} } }`;
const REVOKE = `mutation ($input: RevokeVoiceConsentInput!) { revokeVoiceConsent(input: $input) {
  keptSamples deletedSamples ${ERRORS} } }`;
const UPLOAD = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  upload { id url method headers { name value } } ${ERRORS} } }`;
const ADD = `mutation ($input: AddVoiceSampleInput!) { addVoiceSample(input: $input) {
  voiceSample { ${SAMPLE} } template { viewerSamples { totalCount } } ${ERRORS} } }`;
const PROGRESS = `subscription ($id: ID!) { voiceSampleProgress(id: $id) { ${SAMPLE} } }`;
const READ = `query ($id: ID!) { node(id: $id) { ... on UserVoiceSample { ${SAMPLE} } } }`;
const changeOf = (name: string, input: string, more = "") =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { ${more} template { viewerSamples { totalCount } } ${ERRORS} } }`;

/** The answer of a mutation of a voice sample, and a voice sample as the API describes it. */
export interface ReadSample {
  readonly id: string;
  readonly sampleStatus: string;
  readonly state: string;
  readonly transcript: string | null;
  readonly durationMs: number | null;
  readonly isPreferred: boolean;
  readonly audioUrl: string | null;
  readonly quality: {
    readonly score: number;
    readonly speechSeconds: number | null;
    readonly issues: readonly { readonly code: string; readonly advice: string }[];
  } | null;
}
export interface SamplePayload {
  readonly voiceSample?: ReadSample | null;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

interface Declared {
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The parts of an app that a recorder needs. The URL may be the URL of another process. */
type Place = Pick<ApiApp, "url" | "as" | "given">;

/** How one person sends files. */
function sender(person: GraphqlClient, url: string) {
  const declare = async (sizeBytes: number, contentType = "audio/wav"): Promise<Declared> => {
    const asked = await person.query(UPLOAD, {
      input: { purpose: "VOICE_SAMPLE", sizeBytes, contentType },
    });
    const upload = asked.at("createUpload.upload") as Declared | null;
    if (upload) return upload;
    throw new Error(`No upload was created: ${asked.body}`);
  };
  /** Sends the bytes of an upload. Returns the status of the answer. */
  const send = async (
    { url: path, method, headers }: Declared,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<number> => {
    const fields = Object.fromEntries(headers.map(({ name: field, value }) => [field, value]));
    return (await fetch(new URL(path, url), { method, headers: fields, body })).status;
  };
  return { declare, send };
}

/** What one person does to record voice samples, through the API. */
export function recorder(app: Place, name: string) {
  const person = app.as(name);
  const change = async (document: string, field: string, input: object): Promise<SamplePayload> =>
    (await person.query(document, { input })).at(field) as SamplePayload;

  const { declare, send } = sender(person, app.url);
  const upload = async (bytes: Uint8Array<ArrayBuffer>, contentType?: string): Promise<string> => {
    const declared = await declare(bytes.length, contentType);
    const status = await send(declared, bytes);
    if (status >= 300) throw new Error(`The upload was refused with the status ${status}.`);
    return declared.id;
  };
  const add = (input: object): Promise<SamplePayload> => change(ADD, "addVoiceSample", input);
  const follow = async (id: string): Promise<ReadSample> => {
    const events = await person.follow(PROGRESS, { id });
    return events.at(-1)?.at("voiceSampleProgress") as ReadSample;
  };

  return {
    agree: () => person.query(GRANT, { input: { statementVersion: CONSENT_STATEMENT.version } }),
    revoke: async (recordings: "KEEP" | "DELETE") =>
      (await person.query(REVOKE, { input: { recordings } })).at("revokeVoiceConsent"),
    ...{ declare, send, upload },
    add,
    follow,
    /** Uploads and adds a recording. Returns the voice sample after its processing. */
    record: async (bytes: Uint8Array<ArrayBuffer>, about: object = {}): Promise<ReadSample> => {
      const templateId = await neutral(app);
      const payload = await add({ templateId, uploadId: await upload(bytes), ...about });
      if (!payload.voiceSample) throw new Error(JSON.stringify(payload));
      return follow(payload.voiceSample.id);
    },
    read: async (id: string) => (await person.query(READ, { id })).at("node") as ReadSample | null,
    prefer: (id: string) =>
      change(
        changeOf("preferVoiceSample", "PreferVoiceSampleInput", `voiceSample { ${SAMPLE} }`),
        "preferVoiceSample",
        { id },
      ),
    adopt: (id: string) =>
      change(
        changeOf("adoptVoiceSample", "AdoptVoiceSampleInput", `voiceSample { ${SAMPLE} }`),
        "adoptVoiceSample",
        { id },
      ),
    remove: (id: string) =>
      change(
        changeOf("deleteVoiceSample", "DeleteVoiceSampleInput", "deletedId"),
        "deleteVoiceSample",
        { id },
      ),
  };
}

/** Returns the global id of the neutral template. */
export const neutral = async (app: Pick<ApiApp, "given">): Promise<string> =>
  toGlobalId("VoiceModulationTemplate", await app.given.neutralTemplateId());
