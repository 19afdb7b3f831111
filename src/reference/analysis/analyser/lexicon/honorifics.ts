import { wordSet } from "./word-list.js";

export const MALE_HONORIFICS = wordSet(
  "mr mister sir lord king prince duke count baron earl uncle father brother monsieur signor señor don herr squire",
  "master grandfather grandpa papa emperor marquis m messrs",
);
export const FEMALE_HONORIFICS = wordSet(
  "mrs miss ms lady queen princess duchess countess baroness aunt auntie mother sister madame mademoiselle signora",
  "señora frau dame mistress grandmother grandma granny mamma empress mme mlle madam",
);
export const NEUTRAL_HONORIFICS = wordSet(
  "dr doctor captain colonel major general lieutenant sergeant inspector professor reverend rev judge constable capt",
  "col gen lieut prof saint st comrade cousin corporal admiral bishop cardinal detective nurse officer president",
);

/** Titles used with "of": the Queen of Hearts, the Duke of York. */
export const TITLES_WITH_OF = wordSet(
  "king queen duke duchess prince princess earl count countess knave lord lady",
);

/** Words whose full stop does not end a sentence. */
export const ABBREVIATIONS = wordSet(
  "mr mrs ms dr rev capt col gen lieut prof st messrs mme mlle m sgt hon esq jr sr vol chap etc viz",
);

export function isHonorific(lower: string): boolean {
  return (
    MALE_HONORIFICS.has(lower) || FEMALE_HONORIFICS.has(lower) || NEUTRAL_HONORIFICS.has(lower)
  );
}
