type Table = ReadonlyMap<string, string>;

const table = (entries: Readonly<Record<string, string>>): Table =>
  new Map(Object.entries(entries));

/** Before a name: `Capt. Vane`. */
export const TITLES: Table = table({
  adm: "Admiral",
  ald: "Alderman",
  amb: "Ambassador",
  atty: "Attorney",
  bp: "Bishop",
  brig: "Brigadier",
  capt: "Captain",
  cdr: "Commander",
  cmdr: "Commander",
  col: "Colonel",
  comdr: "Commander",
  cpl: "Corporal",
  det: "Detective",
  drs: "Doctors",
  ens: "Ensign",
  fr: "Father",
  gen: "General",
  gov: "Governor",
  hon: "Honourable",
  insp: "Inspector",
  lieut: "Lieutenant",
  lt: "Lieutenant",
  maj: "Major",
  messrs: "Messrs",
  mlle: "Mademoiselle",
  mme: "Madame",
  mmes: "Mesdames",
  mr: "Mister",
  mrs: "Missus",
  ms: "Miz",
  pfc: "Private",
  pres: "President",
  prof: "Professor",
  pvt: "Private",
  rep: "Representative",
  rev: "Reverend",
  revd: "Reverend",
  rt: "Right",
  sen: "Senator",
  sgt: "Sergeant",
  sergt: "Sergeant",
  supt: "Superintendent",
});

/** Titles that writers also use without a stop: `Capt Vane`. */
export const UNSTOPPED_TITLES: ReadonlySet<string> = new Set(
  "capt cdr cmdr cpl insp lieut lt maj messrs mlle mme mr mrs ms prof pvt rev revd sgt supt".split(
    " ",
  ),
);

/** Titles that every voice says right in this form. In capitals, `MR.` is spelt. */
export const SAID_RIGHT: ReadonlySet<string> = new Set(["Mr", "Mrs"]);

/** Short forms of first names, before a name. */
export const FIRST_NAMES: Table = table({
  benj: "Benjamin",
  chas: "Charles",
  danl: "Daniel",
  edw: "Edward",
  geo: "George",
  jas: "James",
  jno: "John",
  robt: "Robert",
  saml: "Samuel",
  thos: "Thomas",
  wm: "William",
});

/** Before the name of a place. */
export const PLACES: Table = table({ ft: "Fort", mt: "Mount", pt: "Point" });

/** Before a number or a Roman numeral. */
export const BEFORE_NUMBERS: Table = table({
  apt: "apartment",
  bk: "book",
  ch: "chapter",
  chap: "chapter",
  chaps: "chapters",
  chs: "chapters",
  ext: "extension",
  fig: "figure",
  figs: "figures",
  fol: "folio",
  hwy: "highway",
  mk: "mark",
  no: "number",
  nos: "numbers",
  op: "opus",
  p: "page",
  para: "paragraph",
  pg: "page",
  pp: "pages",
  pt: "part",
  pts: "parts",
  rm: "room",
  rte: "route",
  sc: "scene",
  sec: "section",
  sect: "section",
  tel: "telephone",
  ver: "version",
  vol: "volume",
  vols: "volumes",
});

/** In capitals after a name: `Hall Bros.`, `Acme Corp.` */
export const AFTER_NAMES: Table = table({
  ave: "Avenue",
  blvd: "Boulevard",
  bldg: "Building",
  bros: "Brothers",
  co: "Company",
  corp: "Corporation",
  ct: "Court",
  hts: "Heights",
  inc: "Incorporated",
  ln: "Lane",
  ltd: "Limited",
  mts: "Mountains",
  pkwy: "Parkway",
  pl: "Place",
  rd: "Road",
  sq: "Square",
  sr: "Senior",
  terr: "Terrace",
});

/** Everywhere. */
export const ANYWHERE: Table = table({
  approx: "approximately",
  assn: "association",
  asst: "assistant",
  "a.k.a": "also known as",
  dept: "department",
  "e.g": "for example",
  esq: "Esquire",
  etc: "et cetera",
  excl: "excluding",
  govt: "government",
  "i.e": "that is",
  incl: "including",
  jr: "Junior",
  misc: "miscellaneous",
  univ: "university",
  viz: "namely",
  vs: "versus",
  yrs: "years",
});

/** Those of ANYWHERE that may end a sentence. The others never do. */
export const ENDING: ReadonlySet<string> = new Set([
  "dept",
  "esq",
  "etc",
  "govt",
  "jr",
  "misc",
  "univ",
  "yrs",
]);

/** Before a year or a number: `c. 1900`. */
export const BEFORE_YEARS: Table = table({
  b: "born",
  c: "circa",
  ca: "circa",
  d: "died",
  est: "established",
});

/** States of the USA, after the name of a town. Names such as `Tex.` and words such as `Miss.` do not belong here. */
export const STATES: Table = table({
  Ala: "Alabama",
  Ariz: "Arizona",
  Ark: "Arkansas",
  Calif: "California",
  Colo: "Colorado",
  Conn: "Connecticut",
  Fla: "Florida",
  Kan: "Kansas",
  Ky: "Kentucky",
  Mass: "Massachusetts",
  Md: "Maryland",
  Mich: "Michigan",
  Minn: "Minnesota",
  Mont: "Montana",
  Neb: "Nebraska",
  Nev: "Nevada",
  Okla: "Oklahoma",
  Penn: "Pennsylvania",
  Tenn: "Tennessee",
  Vt: "Vermont",
  Wis: "Wisconsin",
  Wyo: "Wyoming",
});

/** In letters, after a day: `the 5th inst.` */
export const DAYS_OF_MONTHS: Table = table({
  inst: "instant",
  prox: "proximo",
  ult: "ultimo",
});

/** Words without a stop. */
export const WHOLE_WORDS: Table = table({
  WW1: "World War One",
  WW2: "World War Two",
  WWI: "World War One",
  WWII: "World War Two",
  Xmas: "Christmas",
});
