// Shows what the last answer cost, and its SQL statements. Each statement shows its plan on demand.
const { document, fetch } = globalThis;

const sql = document.getElementById("sql");

const counted = (count, name) => `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;

/** Introspection costs nothing, and is not shown. */
function showCost(cost) {
  const [requested, limit, remaining] = [cost.requested, cost.limit, cost.remaining].map((amount) =>
    amount.toLocaleString("en"),
  );
  document.getElementById("cost").textContent =
    `Cost ${requested} of at most ${limit}; remaining budget ${remaining}`;
}

function showStatements(report) {
  sql.hidden = !report;
  if (!report) return;
  const { statements, roundTrips } = report;
  sql.querySelector("summary").textContent =
    `${counted(statements.length, "SQL statement")} in ${counted(roundTrips, "round trip")}`;
  sql.querySelector("ol").replaceChildren(...statements.map(statementItem));
}

function statementItem({ path, rows, timeMs, sql: text, plan }) {
  const item = document.createElement("li");
  const head = document.createElement("p");
  head.textContent = `${path ?? "the request"}: ${counted(rows, "row")}, ${timeMs} ms `;
  const code = document.createElement("code");
  code.textContent = text;
  item.append(head, code);
  if (plan) head.append(planButton(plan, item));
  return item;
}

function planButton(url, item) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show the plan";
  button.addEventListener("click", async () => {
    button.disabled = true;
    const plan = document.createElement("pre");
    plan.textContent = await read(url);
    item.append(plan);
  });
  return button;
}

async function read(url) {
  const response = await fetch(url);
  if (response.ok) return response.text();
  const { errors } = await response.json();
  return errors[0].message;
}

document.addEventListener("answer", ({ detail: { answer, isAsked } }) => {
  const { cost, sql: report } = answer.extensions ?? {};
  if (!cost?.requested) return;
  showCost(cost);
  if (isAsked) showStatements(report);
});
