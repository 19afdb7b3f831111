import fc from "fast-check";

// Import this file for its effect: the properties of a test file get the same texts in every run. How a text is to be
// read is sometimes open, for example a page with the number 2 in a book with a chapter 2. SEED=number gives others.
fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 14) });
