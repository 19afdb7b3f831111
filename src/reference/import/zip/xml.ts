import type { Element, ParentNode } from "domhandler";
import { MarkupKind, parseMarkup } from "../markup/parse-markup.js";
import { childElements, elementsWhere, textIn } from "../markup/tree.js";
import { decodeText } from "../encoding.js";

/** Parses a part that is XML. */
export const parseXml = (bytes: Uint8Array, name: string): ParentNode =>
  parseMarkup(decodeText({ fileName: name, bytes }), MarkupKind.Xml, name);

/** Returns the name of an element or attribute without its prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

export const elementsCalled = (root: ParentNode, name: string): readonly Element[] =>
  elementsWhere(root, (element) => localName(element.name) === name);

export const childrenCalled = (node: ParentNode, name: string): readonly Element[] =>
  childElements(node).filter((element) => localName(element.name) === name);

/** Returns an attribute, whatever its prefix is. */
export const attributeOf = ({ attribs }: Element, name: string): string | undefined =>
  attribs[name] ?? Object.entries(attribs).find(([key]) => localName(key) === name)?.[1];

/** Returns the text of an element as one line. */
export const lineIn = (element: ParentNode): string =>
  textIn(element, 5_000).replace(/\s+/gu, " ").trim();
