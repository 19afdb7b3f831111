import { wordSet } from "./word-list.js";

export const MALE_NOUNS = wordSet(
  "man boy gentleman father dad papa brother husband uncle grandfather grandpa son nephew king prince duke lord baron",
  "count emperor knight monk priest vicar waiter landlord butler lad fellow chap sailor soldier guy youth bridegroom wizard",
  "policeman fisherman huntsman woodcutter woodman footman coachman postman shepherd miller blacksmith butcher sir host",
  "squire schoolmaster widower bachelor bull ram cock rooster stallion gander djinn sultan caliph old-timer stepfather",
);
export const FEMALE_NOUNS = wordSet(
  "woman girl lady mother mamma mama mum sister wife aunt grandmother grandma granny daughter niece queen princess duchess",
  "countess empress witch nun waitress landlady maid housemaid governess widow bride hostess actress stepmother spinster",
  "housekeeper midwife hen cow ewe mare nurse madam dame mistress heroine godmother fairy mermaid stepsister schoolgirl",
);
export const CHILD_NOUNS = wordSet(
  "boy girl child baby infant lad lass kid kids toddler youngster schoolboy schoolgirl pupil cub chick lamb calf foal",
);
export const YOUNG_NOUNS = wordSet(
  "youth maiden princess prince niece nephew bride student apprentice teenager",
);
export const ELDER_NOUNS = wordSet(
  "grandmother grandma granny grandfather grandpa crone hag widow widower elder patriarch old-timer",
);

/**
 * Nouns for relatives and similar relations. After a possessive, such a noun means one certain
 * person of a story: "his mother".
 */
export const KIN_NOUNS = wordSet(
  "mother father sister brother wife husband aunt uncle grandmother grandfather daughter son niece nephew cousin",
  "stepmother stepfather mamma papa mama granny grandma grandpa master mistress friend companion host hostess",
);

/**
 * Nouns that can follow a speech verb but are not its subject: in "said the words", the words do
 * not speak.
 */
export const NOT_SPEAKERS = wordSet(
  "word words same other way question questions time truth name names thing things story tale answer reason matter moment",
  "day morning evening night room door house window table voice voices letter note paper book song prayer prayers hand head",
  "first last next rest subject point news fact day hour minute while lot deal bit least most more much one ones something",
  "nothing anything everything above below paw paws foot feet arm arms eye eyes face mouth lips finger fingers shoulder shoulders place world end sound noise silence air wind sea land street verse lesson tone manner side",
);

/**
 * Adjectives that can be the last word of a phrase without a noun, as in "the old". Such a phrase
 * names no character.
 */
export const ADJECTIVES = wordSet(
  "little old young white black red green blue grey brown golden great big small tall short long thick thin fat dear poor",
  "good bad kind new early late whole full empty half only very such certain several many few own real true false open",
  "dark bright cold hot warm deep high low quick slow soft hard loud quiet sudden strange wild",
);

/** Nouns that can mean several persons in one story. */
export const GENERIC_NOUNS = wordSet(
  "man woman boy girl lad lass gentleman lady child fellow youth companion friend other person speaker visitor guest",
  "stranger host hostess husband wife father mother brother sister son daughter aunt uncle niece nephew cousin lover",
);
