import type { Document, Element } from "domhandler";
import { nameOf } from "../titles.js";
import type { StoryFacts } from "../story-file.js";
import { languageTag } from "../language-tag.js";
import { elementsNamed, textIn } from "./tree.js";

const MAX_RIGHTS_LENGTH = 500;

/** Returns what the head of a page says about its story. */
export function pageFacts(document: Document): StoryFacts {
  const metas = elementsNamed(document, "meta");
  const meta = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const found = metas.find((each) => keyOf(each) === name)?.attribs["content"];
      if (found !== undefined && found.trim() !== "") return found;
    }
    return null;
  };
  const [html] = elementsNamed(document, "html");
  const [title] = elementsNamed(document, "title");
  return {
    title: nameOf(meta("dcterms.title", "dc.title", "og:title") ?? (title ? textIn(title) : null)),
    authorName: nameOf(meta("author", "dc.creator", "dcterms.creator", "citation_author")),
    language: languageTag(html?.attribs["lang"] ?? html?.attribs["xml:lang"]),
    rights: nameOf(meta("dcterms.rights", "dc.rights", "rights", "copyright"), MAX_RIGHTS_LENGTH),
  };
}

const keyOf = ({ attribs }: Element): string =>
  (attribs["name"] ?? attribs["property"] ?? "").toLowerCase();
