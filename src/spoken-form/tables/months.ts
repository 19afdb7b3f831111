/** The months, and how they are shortened. */
export const MONTHS: ReadonlyMap<string, string> = new Map([
  ["january", "January"],
  ["jan", "January"],
  ["february", "February"],
  ["feb", "February"],
  ["march", "March"],
  ["mar", "March"],
  ["april", "April"],
  ["apr", "April"],
  ["may", "May"],
  ["june", "June"],
  ["jun", "June"],
  ["july", "July"],
  ["jul", "July"],
  ["august", "August"],
  ["aug", "August"],
  ["september", "September"],
  ["sept", "September"],
  ["sep", "September"],
  ["october", "October"],
  ["oct", "October"],
  ["november", "November"],
  ["nov", "November"],
  ["december", "December"],
  ["dec", "December"],
]);

/** The months by their number, from 1. */
export const MONTHS_IN_ORDER = [...new Set(MONTHS.values())];

/** How the days of the week are shortened. */
export const WEEKDAYS: ReadonlyMap<string, string> = new Map([
  ["mon", "Monday"],
  ["tue", "Tuesday"],
  ["tues", "Tuesday"],
  ["wed", "Wednesday"],
  ["thu", "Thursday"],
  ["thur", "Thursday"],
  ["thurs", "Thursday"],
  ["fri", "Friday"],
  ["sat", "Saturday"],
  ["sun", "Sunday"],
]);
