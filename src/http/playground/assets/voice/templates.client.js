// The choice of what to record: neutral speech, an emotion or a whisper.
import { ask, attemptsOf, element, part } from "./requests.client.js";
import { missingText } from "./words.client.js";

/** Makes the section. Calls `onChoice` with the id of the template that the person chose. */
export function templateSection({ onChoice }) {
  const section = part("templates");
  const attempt = attemptsOf(section);
  const choice = part("template");
  choice.addEventListener("change", () => attempt(() => onChoice(choice.value)));

  /** Reads and returns all templates that can be recorded, the neutral one first. */
  async function load() {
    const trainable = (await readAll()).filter(({ isTrainable }) => isTrainable);
    const templates = trainable.toSorted(neutralFirst);
    const chosen = choice.value;
    choice.replaceChildren(...templates.map(optionOf));
    if (templates.some(({ id }) => id === chosen)) choice.value = chosen;
    section.hidden = false;
    return templates;
  }

  /** Shows what the chosen template is, and how much speech is missing. */
  function show(template) {
    part("description").textContent = template?.description ?? "There is nothing to record yet.";
    part("missing").textContent = template ? missingText(template) : "";
    const option = template && [...choice.options].find(({ value }) => value === template.id);
    if (option) option.textContent = labelOf(template);
  }

  return { load, show, chosen: () => choice.value, setEnabled: (is) => (choice.disabled = !is) };
}

async function readAll() {
  const nodes = [];
  let after = null;
  do {
    const { voiceModulationTemplates: page } = await ask("VoiceTemplates", { after });
    nodes.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return nodes;
}

const neutralFirst = (one, other) =>
  Number(other.key === "neutral") - Number(one.key === "neutral") ||
  one.displayName.localeCompare(other.displayName);

function labelOf({ displayName, viewerSamples: { totalCount } }) {
  if (totalCount === 0) return displayName;
  return `${displayName} (${totalCount} ${totalCount === 1 ? "take" : "takes"})`;
}

const optionOf = (template) =>
  element("option", { value: template.id, textContent: labelOf(template) });
