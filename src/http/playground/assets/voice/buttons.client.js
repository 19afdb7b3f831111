// Buttons that the sections make for the entries of their lists.
import { element } from "./requests.client.js";

export const buttonOf = (textContent, onClick) =>
  element("button", { type: "button", textContent }, { click: onClick });

/** Returns a button that deletes at the second press, because deleting cannot be undone. */
export function deleteButton(onDelete) {
  const button = buttonOf("Delete", () => {
    if (button.textContent === "Delete for ever") onDelete();
    else button.textContent = "Delete for ever";
  });
  button.addEventListener("blur", () => (button.textContent = "Delete"));
  return button;
}
