// The cast of a narration: another voice for a character.
import { element, part } from "./requests.client.js";

/**
 * Makes the list. Calls `onCast` with the ids of a character and a voice after the person chose a voice.
 */
export function castList({ onCast }) {
  /** The choices by the id of their character. They stay while the options stay, and keep the focus. */
  let choices = new Map();
  let offered = "";

  /** Shows a choice of voices for each character. */
  function show({ cast, voices, isEnabled }) {
    const members = cast.filter(({ character }) => character !== null);
    const offer = JSON.stringify([members.map(offerOf(voices)), voices]);
    if (offer !== offered) {
      offered = offer;
      choices = new Map(members.map((member) => [member.character.id, choiceOf(member, voices)]));
      part("cast").replaceChildren(...members.map(itemOf));
    }
    for (const { character, voice } of members) choices.get(character.id).value = voice.id;
    setEnabled(isEnabled);
    part("cast-note").textContent =
      members.length > 0 ? "" : "No character speaks in this story: the narrator speaks all of it.";
  }

  function choiceOf({ character, voice }, voices) {
    const choice = element("select", {});
    choice.append(...groupsOf(voices, voice));
    choice.addEventListener("change", () => onCast(character.id, choice.value));
    return choice;
  }

  function itemOf({ character, characterName }) {
    const label = element("label", { textContent: `${characterName} ` });
    label.append(choices.get(character.id));
    const item = element("li", {});
    item.append(label);
    return item;
  }

  function setEnabled(isEnabled) {
    for (const choice of choices.values()) choice.disabled = !isEnabled;
  }

  return { show, setEnabled };
}

/** What decides the options of a character. */
const offerOf =
  (voices) =>
  ({ character, characterName, voice }) => [
    character.id,
    characterName,
    isKnown(voices, voice) ? null : voice,
  ];

const isKnown = (voices, { id }) => voices.some((voice) => voice.id === id);

/** The person's own voices come first. A voice that is gone stays in its place. */
function groupsOf(voices, current) {
  const known = isKnown(voices, current) ? voices : [current, ...voices];
  const own = known.filter(({ kind }) => kind !== "CATALOGUE");
  const others = known.filter(({ kind }) => kind === "CATALOGUE");
  return [groupOf("Your voice", own), groupOf("Other voices", others)].flat();
}

function groupOf(label, voices) {
  if (voices.length === 0) return [];
  const group = element("optgroup", { label });
  group.append(...voices.map(optionOf));
  return [group];
}

const optionOf = ({ id, displayName, kind, isAvailable }) =>
  element("option", {
    value: id,
    disabled: !isAvailable,
    textContent: [
      displayName,
      kind === "CATALOGUE" ? "" : ` (${kind})`,
      isAvailable ? "" : ", cannot speak now",
    ].join(""),
  });
