/** The place of the blobs. A worker thread opens the storage with these settings. */
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
