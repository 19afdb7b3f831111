/**
 * The rank of each word or mark that begins a heading. A smaller rank means a wider part of the book: a volume is
 * wider than a chapter. A heading directly after a wider heading belongs to the same chapter.
 */
const RANKED: readonly string[] = [
  "volume vol tome tomo band том",
  "book bk livre buch libro книга boek kniha",
  "part pt act partie teil parte acte acto atto часть deel część osa část del akt",
  "#",
  "##",
  "###",
  `chapter chap ch stave canto letter scene section episode chapitre kapitel capítulo capitulo capitolo глава
  hoofdstuk rozdział luku kapittel kapitola scène szene escena scena lettre brief carta lettera письмо`,
];

export const RANKS: ReadonlyMap<string, number> = new Map(
  RANKED.flatMap((words, rank) => words.split(/\s+/u).map((word) => [word, rank] as const)),
);
export const CHAPTER_RANK = 6;
export const NUMERAL_RANK = 7;

/** Headings without a number. */
export const UNNUMBERED: ReadonlySet<string> = new Set(
  `prologue epilogue preface foreword introduction interlude prelude afterword postscript prolog epilog coda
  intermission conclusion vorwort nachwort einleitung zwischenspiel préface avant-propos épilogue introducción
  prólogo epílogo prefacio prefazione prologo epilogo interludio пролог эпилог предисловие proloog epiloog
  esipuhe prologi epilogi`.split(/\s+/u),
);

/** Ordinals and numbers from one on, by language. Each word can end in the ways that follow the bar. */
const FOREIGN: readonly string[] = [
  "premier|première deuxième|second|seconde troisième quatrième cinquième sixième septième huitième neuvième dixième",
  "un deux trois quatre cinq six sept huit neuf dix",
  "erste|r|s|n zweite|r|s|n dritte|r|s|n vierte|r|s|n fünfte|r|s|n sechste|r|s|n siebte|r|s|n achte|r|s|n neunte|r|s|n zehnte|r|s|n",
  "eins zwei drei vier fünf sechs sieben acht neun zehn",
  "primero|a segundo|a tercero|a cuarto|a quinto|a sexto|a séptimo|a octavo|a noveno|a décimo|a",
  "uno dos tres cuatro cinco seis siete ocho nueve diez",
  "primo|a secondo|a terzo|a quarto|a quinto|a sesto|a settimo|a ottavo|a nono|a decimo|a",
  "первая|ый|ое вторая|ой|ое третья|ий|ье четвертая|ый|ое пятая|ый|ое шестая|ой|ое седьмая|ой|ое восьмая|ой|ое девятая|ый|ое десятая|ый|ое",
  "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
  "pierwszy|a drugi|a trzeci|a czwarty|a piąty|a szósty|a siódmy|a ósmy|a dziewiąty|a dziesiąty|a",
  "první druhá|ý třetí čtvrtá|ý pátá|ý šestá|ý sedmá|ý osmá|ý devátá|ý desátá|ý",
  "ensimmäinen toinen kolmas neljäs viides kuudes seitsemäs kahdeksas yhdeksäs kymmenes",
  "første andre tredje fjerde femte sjette sjuende åttende niende tiende",
  "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde",
];

/** Every foreign number word from one to ten, with its value. */
export const FOREIGN_NUMBERS: ReadonlyMap<string, number> = new Map(
  FOREIGN.flatMap((words) =>
    words.split(" ").flatMap((forms, index) => {
      const [word = "", ...ends] = forms.split("|");
      const longer = ends.flatMap((end) => [
        `${word}${end}`,
        `${word.slice(0, -1)}${end}`,
        `${word.slice(0, -2)}${end}`,
        end,
      ]);
      return [word, ...longer].map((form) => [form, index + 1] as const);
    }),
  ).filter(([form]) => form.length > 1),
);
