import type { DocumentNode } from "graphql";
import { BoundedCache } from "../../platform/bounded-cache.js";
import { documentBytes } from "./document-size.js";

/** The largest document that the limits admit needs less, unless it contains a long text. */
const MAX_BYTES_OF_A_DOCUMENT = 500_000;

/** Keeps documents that were parsed and are valid, by their text. The memory of the documents is bounded. */
export class ValidDocuments {
  private readonly documents: BoundedCache<string, DocumentNode>;

  /** @param maxBytes the limit of all documents together */
  constructor(maxBytes: number) {
    this.documents = new BoundedCache(maxBytes, MAX_BYTES_OF_A_DOCUMENT);
  }

  find(text: string): DocumentNode | undefined {
    return this.documents.get(text);
  }

  keep(text: string, document: DocumentNode): void {
    if (!this.documents.get(text)) this.documents.set(text, document, documentBytes(document));
  }
}
