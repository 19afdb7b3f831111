/** Where the blobs are, so that a worker thread can open the storage itself. */
export type StorageSettings =
  | { readonly kind: "disk"; readonly root: string }
  | {
      readonly kind: "s3";
      readonly endpoint: string;
      readonly bucket: string;
      readonly region: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly spoolFolder: string;
    };
