// The API and the page, as the panel "Your voice" uses them. Every failure is an Error with a sentence
// for the person.
import { config, headersOf, here, request, subscribe } from "../api.client.js";
import { DOCUMENTS } from "./documents.client.js";
import { lostSightText } from "./words.client.js";

const { document, fetch } = globalThis;

const headers = headersOf(config.voiceToken);

/** Returns the element of the panel with this name. */
export const part = (name) => document.getElementById(`voice-${name}`);

/** Makes an element with a text and listeners. */
export function element(tag, properties, listeners = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [event, listener] of Object.entries(listeners)) made.addEventListener(event, listener);
  return made;
}

/**
 * Returns a function that runs the work of one section. While the work runs, the section ignores further
 * work. A failure appears as the section's alert.
 */
export function attemptsOf(section) {
  const alert = section.querySelector(":scope > [role=alert]");
  let isBusy = false;
  return async (work) => {
    if (isBusy) return;
    isBusy = true;
    alert.textContent = "";
    try {
      await work();
    } catch (error) {
      alert.textContent = error.message;
    } finally {
      isBusy = false;
    }
  };
}

const sentences = (failures) => failures.map(({ message }) => message).join(" ");

async function answered(name, variables) {
  try {
    return await request({ query: DOCUMENTS[name], variables }, headers);
  } catch (cause) {
    throw new Error("The server does not answer. Check the connection, and try again.", { cause });
  }
}

/** Runs a query or mutation. @throws Error with the messages of the GraphQL errors */
export async function ask(name, variables = {}) {
  const { data, errors } = await answered(name, variables);
  if (errors) throw new Error(sentences(errors));
  return data;
}

/** Runs a mutation and returns its payload. @throws Error with the messages of the user errors */
export async function change(name, input) {
  const { result } = await ask(name, { input });
  if (!result) throw new Error("The server did not make the change. Try again.");
  if (result.userErrors.length > 0) throw new Error(sentences(result.userErrors));
  return result;
}

/**
 * Runs a subscription until the work that it follows ends: calls `onState` with each state. `work` names
 * the work for people, for example "check".
 * @throws Error with a sentence
 */
export async function follow(name, { id, work, onState }) {
  const events = subscribe({ query: DOCUMENTS[name], variables: { id } }, headers);
  try {
    for await (const { data, errors } of events) {
      if (errors) throw new Error(sentences(errors));
      onState(data.state);
    }
  } catch (cause) {
    // The library throws an array if the server refuses the operation.
    const reason = Array.isArray(cause) ? sentences(cause) : cause.message;
    throw new Error(lostSightText(work, reason), { cause });
  }
}

/** Sends the bytes to the URL of an upload. @throws Error with the server's sentence */
export async function putUpload({ url, method, headers: fields }, blob) {
  const reply = await fetch(here(url), {
    method,
    headers: fields.map(({ name, value }) => [name, value]),
    body: blob,
  }).catch((cause) => {
    throw new Error("The connection broke while the take was sent. Press Send again.", { cause });
  });
  if (reply.ok) return;
  const { errors } = await reply.json().catch(() => ({}));
  throw new Error(
    errors
      ? sentences(errors)
      : `The server refused the take with status ${reply.status}. Press Send again.`,
  );
}
