export { spokenForm } from "./spoken-form.js";
