import type { BodyStart } from "./body-forms.js";
import { LabelForm, type Mark } from "./marks.js";

const FORMS = Object.values(LabelForm);

/** A mark and a footnote with the same key belong together. */
export const keyOf = ({ form, label }: Pick<Mark, "form" | "label">): string => `${form} ${label}`;

/** The marks whose footnotes have not been found yet. */
export class WaitingMarks {
  readonly #marks: readonly Mark[];
  readonly #queues = new Map<string, { readonly marks: Mark[]; next: number }>();
  #next = 0;

  /** @param marks in order */
  constructor(marks: readonly Mark[]) {
    this.#marks = marks;
  }

  /** From now on, the marks before `offset` wait. */
  readTo(offset: number): void {
    this.#pass(offset, (mark) => {
      if (!canStandAlone(mark) && mark.touches === "nothing") return;
      const queue = this.#queues.get(keyOf(mark)) ?? { marks: [], next: 0 };
      queue.marks.push(mark);
      this.#queues.set(keyOf(mark), queue);
    });
  }

  /** Marks before `offset` that do not wait yet stand in a footnote and are none. */
  skipTo(offset: number): void {
    this.#pass(offset, () => undefined);
  }

  /** Returns the first waiting mark that a footnote can belong to. */
  find({ form, label }: BodyStart): Mark | null {
    if (label === null) return null;
    // A footnote can repeat a small raised number in another form.
    const forms = form === null ? FORMS : [form, LabelForm.Superscript];
    for (const key of forms.map((form) => keyOf({ form, label }))) {
      const queue = this.#queues.get(key);
      const mark = queue?.marks[queue.next];
      if (mark !== undefined) return mark;
    }
    return null;
  }

  /** The footnote of the mark has been found. */
  remove(mark: Mark): void {
    const queue = this.#queues.get(keyOf(mark));
    if (queue !== undefined) queue.next += 1;
  }

  #pass(offset: number, read: (mark: Mark) => void): void {
    for (; (this.#marks[this.#next]?.start ?? Infinity) < offset; this.#next += 1) {
      const mark = this.#marks[this.#next];
      if (mark !== undefined) read(mark);
    }
  }
}

/** Only a mark in brackets can have a space before it. */
export const canStandAlone = ({ form }: Mark): boolean =>
  form === LabelForm.Bracket || form === LabelForm.Brace;
