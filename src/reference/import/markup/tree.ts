import {
  type AnyNode,
  type ChildNode,
  type Element,
  type ParentNode,
  isTag,
  isText,
} from "domhandler";

export interface Visitor {
  /** Returns false to leave out the element and everything in it. Then `leave` is not called. */
  readonly enter: (element: Element) => boolean;
  /** Returns false to end the visit. */
  readonly text: (data: string) => boolean;
  readonly leave: (element: Element) => void;
}

/**
 * Visits everything in `root` in the order of the document. Uses no recursion, because unclosed tags make
 * trees of any depth.
 */
export function visit(root: ParentNode, visitor: Visitor): void {
  let node: ChildNode | null = root.firstChild;
  while (node) {
    if (isText(node) && !visitor.text(node.data)) return;
    node = enter(node, visitor) ?? leaveUntilNext(node, root, visitor);
  }
}

/** Returns the first child to visit next. */
function enter(node: ChildNode, visitor: Visitor): ChildNode | null {
  if (!("children" in node)) return null;
  if (!isTag(node)) return node.firstChild;
  if (!visitor.enter(node)) return null;
  const child = node.firstChild;
  if (!child) visitor.leave(node);
  return child;
}

function leaveUntilNext(from: ChildNode, root: ParentNode, { leave }: Visitor): ChildNode | null {
  let node: AnyNode = from;
  while (!node.next) {
    const parent: ParentNode | null = node.parent;
    if (!parent || parent === root) return null;
    if (isTag(parent)) leave(parent);
    node = parent;
  }
  return node.next;
}

const EVERYTHING = { enter: () => true, text: () => true, leave: () => undefined };

/** Returns the elements for which `test` is true, in the order of the document. */
export function elementsWhere(
  root: ParentNode,
  test: (element: Element) => boolean,
): readonly Element[] {
  const found: Element[] = [];
  visit(root, {
    ...EVERYTHING,
    enter: (element) => {
      if (test(element)) found.push(element);
      return true;
    },
  });
  return found;
}

export const elementsNamed = (root: ParentNode, ...names: readonly string[]): readonly Element[] =>
  elementsWhere(root, ({ name }) => names.includes(name));

/** Returns the text in `root` as it is written, but not much more than `max` UTF-16 units. */
export function textIn(root: ParentNode, max = Number.POSITIVE_INFINITY): string {
  const texts: string[] = [];
  let length = 0;
  visit(root, {
    ...EVERYTHING,
    text: (data) => {
      texts.push(data);
      length += data.length;
      return length <= max;
    },
  });
  return texts.join("");
}

/** Returns the child elements. */
export const childElements = (node: ParentNode): readonly Element[] => node.children.filter(isTag);

/** Returns the nearest element around a node for which `test` is true, the node itself included. */
export function nearest(
  node: ParentNode | null,
  test: (element: Element) => boolean,
): Element | null {
  for (let each: ParentNode | null = node; each; each = each.parent) {
    if (isTag(each) && test(each)) return each;
  }
  return null;
}
