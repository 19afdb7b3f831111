/** Of these, only a story speaks. The author of a story can assert "her right", and a first volume is "Vol. I". */
const PRONOUN =
  /(?<!\b(?:[Vv]ol(?:ume)?|VOL(?:UME)?|[Pp]art|PART|[Bb]ook|BOOK)\.? )\bI\b(?!\.)|\b(?:[Mm](?:y|e|ine)|[Hh]e|[Ss]he|[Hh]im|[Hh]ers?|[Hh]is|[Ww]e|[Oo]ur|[Tt]hey|[Tt]hem)\b/u;
const RIGHT =
  /\basserted by (?:him|her|them)\b|\b(?:his|her|their) (?:moral )?rights?\b|\b(?:his|her) (?:imagination|publishers?)\b/giu;

/** Words of a story, most of them past tenses. In an imprint "the book was first published". */
const VERB =
  /\b(?:was|were)\b(?! (?:first |originally |previously )?(?:published|printed|issued|set|typeset|designed|produced))|\b(?:had|did|said|told|went|came|saw|wrote|kept|made(?! and)|slept|thought|knew|took|gave|got|left|felt|found|held|heard|stood|sat|ran|fell|began|became|brought|bought|caught|chose|drank|drew|drove|ate|flew|forgot|grew|hid|hung|laid|lay|led|lent|lost|meant|met|paid|put|read|rode|rang|rose|sang|sank|sent|shook|shot|shut|sold|spoke|spent|stole|swore|swam|taught|tore|threw|woke|wore|won|would|could|nobody|everybody|never)\b/u;
/** In an imprint, only such words end in "ed". */
const IMPRINT_WORDS =
  /^(?:(?:re|un)?(?:published|printed|issued|bound|edited|designed|illustrated|translated|typeset|formatted|produced|manufactured|distributed|revised|enlarged|corrected|reserved|copyrighted|licen[sc]ed|authori[sz]ed|registered|entered|catalogu?ed|reproduced|stored|transmitted|photocopied|recorded|scanned|uploaded|copied|resold|used|asserted|identified|permitted|prohibited|granted|addressed|limited|united|abridged|annotated|collected|selected|intended|imagined|based|related|affiliated|associated|credited|acknowledged|circulated|imposed|expressed|implied|provided|required|quoted|excerpted|included|protected)|red|bed|need|hundred|indeed)$/u;
const PAST = /\b\p{Ll}+ed\b/gu;

/** True if somebody does something in the words, as in a story. */
export const tellsStory = (words: string): boolean =>
  PRONOUN.test(words.replace(RIGHT, "")) ||
  VERB.test(words) ||
  (words.match(PAST) ?? []).some((verb) => !IMPRINT_WORDS.test(verb));
