import "reflect-metadata";
export const a = 1;
