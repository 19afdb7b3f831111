// The choice of a story to hear and to narrate.
import { ask, element, part } from "./requests.client.js";

/** Makes the choice. Calls `onChoice` with the id of the chosen story, or null if no story is found. */
export function storyChoice({ attempt, onChoice }) {
  const choice = part("story");
  const choose = () => onChoice(choice.value || null);
  choice.addEventListener("change", () => attempt(choose));
  part("story-search").addEventListener("change", () =>
    attempt(async () => {
      await load();
      await choose();
    }),
  );

  /** Reads the stories with the searched words. */
  async function load() {
    const search = part("story-search").value.trim() || null;
    const { stories } = await ask("FindStories", { search });
    const found = stories.edges.map(({ node }) => node);
    const chosen = choice.value;
    choice.replaceChildren(
      ...found.map(({ id, title }) => element("option", { value: id, textContent: title })),
    );
    if (found.some(({ id }) => id === chosen)) choice.value = chosen;
    part("story-count").textContent = countText(found.length, stories.totalCount);
  }

  return { load, chosen: () => choice.value || null };
}

function countText(shown, total) {
  if (total === 0) return "No story has these words.";
  return shown < total ? `${shown} of ${total} stories; search for others.` : "";
}
