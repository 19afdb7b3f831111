import { primaryLanguage } from "../../platform/text/language-tag.js";

/**
 * English: the first sentence of the rainbow passage (Fairbanks 1960), a text that phoneticians use to
 * record voices. Other languages: the first sentence of the Universal Declaration of Human Rights (1948),
 * which exists in every language.
 */
const SAMPLE_TEXTS: Readonly<Record<string, string>> = {
  en: "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.",
  da: "Alle mennesker er født frie og lige i værdighed og rettigheder.",
  de: "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
  es: "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
  fr: "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
  it: "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.",
  ja: "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
  nl: "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren.",
  pl: "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
  pt: "Todos os seres humanos nascem livres e iguais em dignidade e em direitos.",
  ru: "Все люди рождаются свободными и равными в своём достоинстве и правах.",
  sv: "Alla människor är födda fria och lika i värde och rättigheter.",
  tr: "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
  zh: "人人生而自由，在尊严和权利上一律平等。",
};

const ENGLISH = SAMPLE_TEXTS["en"] ?? "";

/**
 * Returns the sample text for a language, a BCP 47 tag. Returns the English text if the list does not
 * contain the language.
 */
export const sampleText = (language: string): string =>
  SAMPLE_TEXTS[primaryLanguage(language)] ?? ENGLISH;
