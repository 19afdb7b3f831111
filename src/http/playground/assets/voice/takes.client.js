// The takes of the chosen template: hear, prefer, adopt, delete.
import { here } from "../api.client.js";
import { buttonOf, deleteButton } from "./buttons.client.js";
import { attemptsOf, change, element, part } from "./requests.client.js";
import { outcomeText, takeText } from "./words.client.js";

/** Returns the advice of every issue of a take, as a list; nothing if there is no issue. */
export function adviceOf({ quality }) {
  const issues = quality?.issues ?? [];
  if (issues.length === 0) return [];
  const items = issues.map(({ advice }) => element("li", { textContent: advice }));
  const list = element("ul", { className: "advice" });
  list.append(...items);
  return [list];
}

/** Makes the section. Calls `onChange` after a take was changed, and when the person reloads the list. */
export function takeSection({ onChange }) {
  const section = part("takes");
  const attempt = attemptsOf(section);
  const title = part("takes-title");
  part("reload").addEventListener("click", () => attempt(onChange));

  const run = (name, id) =>
    attempt(async () => {
      await change(name, { id });
      await onChange();
      // The pressed button no longer exists.
      title.focus();
    });

  /** The items of the list by their content. An unchanged item stays, because its sound may be playing. */
  let items = new Map();

  /** Shows the takes of a template. Without a consent, takes can only be deleted. */
  function show(template, isConsentGiven) {
    section.hidden = !template;
    if (!template) return;
    const { displayName, viewerSamples } = template;
    const takes = viewerSamples.edges.map(({ node }) => node);
    title.textContent = `Takes: ${displayName}`;
    part("takes-status").textContent = countText(takes.length, viewerSamples.totalCount);
    const shown = takes.map((take) => {
      const content = JSON.stringify([take, isConsentGiven]);
      return [content, items.get(content) ?? itemOf(take, isConsentGiven, run)];
    });
    items = new Map(shown);
    part("take-list").replaceChildren(...items.values());
  }

  return { show };
}

function countText(shown, total) {
  if (total === 0) return "No take yet.";
  return shown < total ? `The ${shown} newest of ${total} takes.` : "";
}

function itemOf(take, isConsentGiven, run) {
  const item = element("li", {});
  item.dataset.status = take.sampleStatus;
  item.append(
    element("p", { className: "take-name", textContent: takeText(take) }),
    element("p", { textContent: outcomeText(take) }),
    ...adviceOf(take),
    ...playerOf(take),
    actionsOf(take, isConsentGiven, run),
  );
  return item;
}

function playerOf({ audioUrl, recordedAt }) {
  if (!audioUrl) return [];
  const audio = element("audio", { controls: true, preload: "none", src: here(audioUrl) });
  audio.setAttribute("aria-label", `Take of ${new Date(recordedAt).toLocaleString("en")}`);
  const note = element("p", {});
  note.setAttribute("role", "alert");
  audio.addEventListener("error", () => {
    note.textContent = "This take was deleted, or its link has expired. Reload the list.";
  });
  return [audio, note];
}

function actionsOf(take, isConsentGiven, run) {
  const actions = element("p", { className: "actions" });
  const isGood = take.sampleStatus === "ACCEPTED" && take.state === "USABLE";
  if (isGood && !take.isPreferred && isConsentGiven) {
    actions.append(buttonOf("Prefer", () => run("PreferVoiceSample", take.id)));
  }
  if (take.state === "AWAITING_CONSENT" && isConsentGiven) {
    actions.append(buttonOf("Adopt", () => run("AdoptVoiceSample", take.id)));
  }
  actions.append(deleteButton(() => run("DeleteVoiceSample", take.id)));
  return actions;
}
