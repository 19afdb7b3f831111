import S3rver from "@20minutes/s3rver";
import { scratchFolder } from "./scratch-folder.js";

export const CREDENTIALS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
export const BUCKET = "fabula";

export interface S3Server {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts an S3 server on a free port, with one empty bucket. */
export async function startS3Server(): Promise<S3Server> {
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: await scratchFolder(),
    vhostBuckets: false,
    configureBuckets: [{ name: BUCKET }],
  });
  const { port } = await server.run();
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}
