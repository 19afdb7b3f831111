/** Splits a table that is written as one text. */
export const listed = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Capitalised words that begin a sentence and are hardly ever a name. */
export const SENTENCE_STARTERS = listed(`
  A After All Already Also Although Always An And Another Any Are As At Because Before Both But By Can Could Did
  Do Does Each Either Even Every Everybody Everyone Everything Few For From Had Has Have He Her Here His How
  However I I'd I'll I'm I've If In Indeed Is It Its It's I’d I’ll I’m I’ve It’s Just Last Later Let Many Maybe
  Meanwhile Might Most Much My Neither Never Next No Nobody None Nor Not Nothing Now Of Often On Once One Only Or
  Other Our Outside Over Perhaps She Should Since So Some Somebody Someone Something Sometimes Soon Still Such
  Suddenly Than That The Their Then There These They This Those Though Through Till To Today Tomorrow Two Under
  Until Was We Well Were What When Where Whether Which While Who Whose Why With Without Would Yes Yesterday
  Yet You Your
`);
