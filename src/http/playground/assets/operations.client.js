// Tells how many operations the open tab has, and runs them one after the other.
const { document } = globalThis;

const bar = document.getElementById("operations");
const button = bar.querySelector("button");

const editor = (selector) => document.querySelector(`${selector} .CodeMirror`)?.CodeMirror;
const queryEditor = () => editor(".graphiql-query-editor");
const jsonIn = (label) => JSON.parse(editor(`[aria-label="${label}"]`)?.getValue() || "{}");

const OPERATION = /^\s*(query|mutation|subscription)\s+(\w+)/gm;

const operationsOf = (query) =>
  [...query.matchAll(OPERATION)].map(([, kind, name]) => ({ kind, name }));

function tell() {
  const operations = operationsOf(queryEditor()?.getValue() ?? "");
  bar.hidden = operations.length < 2;
  const names = operations.map(({ name }) => name).join(", ");
  bar.querySelector("p").textContent =
    `This tab has ${operations.length} operations: ${names}. The play button runs one of them.`;
}

const show = (answers) => editor(".graphiql-response")?.setValue(JSON.stringify(answers, null, 2));

/**
 * Runs all operations of the open tab, with the variables as they are before each. An operation that fails ends the
 * run, because the next operations may need its answer.
 */
async function runInOrder({ ask, follow }) {
  const query = queryEditor().getValue();
  const answers = {};
  for (const { kind, name } of operationsOf(query)) {
    const params = { query, operationName: name, variables: jsonIn("Variables") };
    const headers = jsonIn("Headers");
    if (kind === "subscription") {
      for await (const answer of follow(params, headers)) show({ ...answers, [name]: answer });
      continue;
    }
    answers[name] = await ask(params, headers);
    show(answers);
    if (hasFailed(answers[name])) return;
  }
}

const hasFailed = ({ errors, data }) =>
  Boolean(errors) || Object.values(data ?? {}).some((field) => field?.userErrors?.length > 0);

/** Watches the query editor, also when another tab opens. */
export function watchOperations(send) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await runInOrder(send);
    } catch (error) {
      show({ error: String(error.message ?? error) });
    } finally {
      button.disabled = false;
    }
  });
  const attach = () => {
    const found = queryEditor();
    if (!found) return void globalThis.setTimeout(attach, 50);
    // Without this, a long line would end behind the buttons.
    found.setOption("lineWrapping", true);
    found.on("change", tell);
    tell();
  };
  attach();
}
