/** A number of rows for a person: `1 row`, `2 rows`. */
export const rowsText = (count: number): string => `${count} ${count === 1 ? "row" : "rows"}`;
