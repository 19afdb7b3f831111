import { zipOf } from "./zip.js";

const NAMESPACES =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"';
const style = (id: string, name: string): string =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
/** The ids as a German Word writes them. */
const STYLES = `<w:styles ${NAMESPACES}>${style("Titel", "Title")}${style("berschrift1", "heading 1")}
  ${style("berschrift2", "heading 2")}${style("Verzeichnis1", "toc 1")}${style("Vers", "Verse")}</w:styles>`;

/** Writes a paragraph with text. */
export const paragraphOf = (text: string, properties = ""): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

export const styled = (text: string, id: string): string =>
  paragraphOf(text, `<w:pStyle w:val="${id}"/>`);

/** Writes a Word document of text that was written for the tests. */
export const docxOf = (body: string, parts: Readonly<Record<string, string>> = {}): Buffer =>
  zipOf({
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": `<?xml version="1.0" encoding="UTF-8"?><w:document ${NAMESPACES}><w:body>${body}<w:sectPr/></w:body></w:document>`,
    "word/styles.xml": STYLES,
    ...parts,
  });
