import { wordSet } from "./word-list.js";

export const DETERMINERS = wordSet("the a an this that my his her our their your its another some");

export const PREPOSITIONS = wordSet(
  "to at of in on with for from by about after before behind beside besides between beyond into near over through",
  "toward towards under upon without like than against among around round past off up down across along beneath within",
);

/**
 * Prepositions that often stand before a place. A name after such a preposition is less probably a
 * person.
 */
export const LOCATIVE_PREPOSITIONS = wordSet(
  "in at into near through across around within throughout",
);

/** Words that cannot be inside a noun phrase. A noun phrase ends before such a word. */
export const PHRASE_STOPS = wordSet(
  "and or but as who whom whose which that when while where if then so because though although for with without in at",
  "on of to from by into over under upon after before behind through about against between among near like than not",
  "he she it they we i you him her them us me his their its my your our is was are were be been being had has have did",
  "do does would could should will shall might may can must said again aloud out back once now too still only just",
  "afterwards presently suddenly softly at there here all both turning looking coming going taking shaking",
  "standing sitting laughing smiling rising pointing holding",
);

/** Words that are never names. They have capitals because they open a sentence or stand alone. */
export const NEVER_NAMES = wordSet(
  "the a an this that these those my his her our their your its he she it they we you i me him them us mine yours hers",
  "and or but nor so yet for if as when while where why how what who whom whose which because though although unless",
  "until since than then thus there here now not no yes oh ah o aha hullo hallo hello hey alas well why indeed hush",
  "please pray come go look see let do did does don't is was are were be been am will would shall should can could may",
  "might must have has had in on at to of from by with about after before behind into near over through under upon",
  "without like against all any both each every some such one two three four five six seven eight nine ten first",
  "second third last next other another many much more most few several same own once twice never always often again",
  "still just only even also too very quite rather perhaps maybe certainly surely certain suddenly presently soon",
  "later meanwhile however therefore moreover nevertheless besides instead otherwise anyway finally at half nothing",
  "something anything everything nobody somebody anybody everybody none someone anyone everyone good bad great little",
  "old young poor dear thank thanks sorry god heaven heavens lord's christ jesus bible christmas easter sunday monday",
  "tuesday wednesday thursday friday saturday january february march april may june july august september october",
  "november december english french german italian spanish american british irish scotch scottish welsh dutch russian",
  "greek latin roman indian chinese turkish london england paris france britain europe america ireland scotland italy",
  "spain germany russia india africa asia rome york oxford cambridge chapter volume book part letter note mr mrs miss",
  "ms dr sir madam ma'am ain't can't won't didn't isn't it's i'm i'll i've i'd you're you'll you've he's she's we'll",
  "that's there's what's let's they're they've oh's street road house hall park square avenue church bank company",
  "i't 'tis tis 'twas twas amen bless damn confound hurrah bravo ha hm humph pooh pshaw say tell give take make get",
  "down up out away off back round together forward home today tomorrow tonight yesterday whew deserts quick quickly slowly",
  "think know want stop wait keep leave listen mind never none better best sometimes somewhere everywhere nowhere",
);

export const PRONOUN_GENDER: ReadonlyMap<string, "male" | "female"> = new Map([
  ["he", "male"],
  ["him", "male"],
  ["his", "male"],
  ["himself", "male"],
  ["she", "female"],
  ["her", "female"],
  ["hers", "female"],
  ["herself", "female"],
]);

export const SUBJECT_PRONOUNS = wordSet("he she i they we");
export const FIRST_PERSON = wordSet("i me my myself mine");
