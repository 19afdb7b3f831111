import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { type ApiApp, subjectOf } from "../../support/api.js";

const CREATE = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  upload { id url method headers { name value } expiresAt maxBytes sizeBytes contentType uploadStatus purpose }
  userErrors { code message path } } }`;

export interface CreatedUpload {
  readonly id: string;
  /** The path and the signature. */
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

const uploadInput = (sizeBytes: number, contentType = "audio/wav") => ({
  input: { purpose: "VOICE_SAMPLE", sizeBytes, contentType },
});

/** Creates an upload over GraphQL. */
export async function created(
  { as }: Pick<ApiApp, "as">,
  name: string,
  sizeBytes: number,
  contentType?: string,
): Promise<CreatedUpload> {
  const answer = await as(name).query(CREATE, uploadInput(sizeBytes, contentType));
  return answer.at("createUpload.upload") as CreatedUpload;
}

/** Sends a file as a browser would, and returns the answer. */
export async function put(
  { url: api }: Pick<ApiApp, "url">,
  { url }: Pick<CreatedUpload, "url">,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(url, api), {
    method: "PUT",
    headers: { "content-type": "audio/wav", ...headers },
    body: new Uint8Array(body),
  });
}

export const errorOf = async (answer: Response): Promise<object> => {
  const { errors } = (await answer.json()) as { errors: { message: string; extensions: object }[] };
  return { status: answer.status, ...errors[0], count: errors.length };
};

export const statusOf = async (
  { as }: Pick<ApiApp, "as">,
  { id }: CreatedUpload,
): Promise<unknown> =>
  (
    await as("ada").query(
      "query ($id: ID!) { node(id: $id) { ... on Upload { uploadStatus url } } }",
      {
        id,
      },
    )
  ).at("node");

export async function blobsOf({ storage, superuser }: ApiApp, name: string): Promise<string[]> {
  const [user] = await superuser<{ publicId: string }>(
    `SELECT public_id AS "publicId" FROM platform.users WHERE id = $1`,
    [subjectOf(name)],
  );
  return (await Readable.from(storage.list(user?.publicId ?? "none")).toArray()) as string[];
}

export const bytesOf = (sizeBytes: number): Uint8Array => randomBytes(sizeBytes);
