/** A number of rows for a person: `1 row`, `2 rows`. */
export const rowsText = (count: number): string => `${count} ${count === 1 ? "row" : "rows"}`;

/** "once", or for example "2 times". */
export const timesText = (count: number): string => (count === 1 ? "once" : `${count} times`);
