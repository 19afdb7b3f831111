import { listed } from "./words.js";

/** Words after which a Roman numeral counts: `Chapter IV` is chapter four. */
export const NUMBERED = listed(`
  act acts apollo appendix article articles book books bowl canto cantos case ch chap chapter chapters class day
  division episode exercise fig figure figures game grade group item lesson letter letters level mark movement no
  nos note number numbers ode opus p page pages part parts phase phrase plate plates pp psalm psalms reel room rule
  scene scenes section sections sonnet stage stanza symphony table tape title trek type unit verse verses vol
  volume volumes vols war
`);

/** Words after which also a single `V` or `X` counts. After the others it is a letter: `Group X`. */
export const NUMBERED_BY_LETTER = listed(`
  act apollo book canto chap chapter page part scene section vol volume war
`);

/** Names of rulers. A Roman numeral after them is an ordinal: `Henry VIII` is Henry the eighth. */
export const KINGS = listed(`
  adrian afonso albert alexander alexius alfonso alphonse amadeus amenhotep andrew anne artaxerxes baldwin basil
  benedict boniface callixtus canute carl carlos casimir catherine celestine charles christian christopher clement
  cleopatra clovis conrad constantine cyrus darius david edmund edward elizabeth emanuel emmanuel eric eugene
  felipe ferdinand francis francois frederick friedrich gaston george gregory gustav gustavus guy haakon hadrian
  harald harold henri henry honorius hugh humbert innocent isabella ivan james jean joan john joseph juan julius
  justinian karl ladislaus leo leopold lothair louis ludwig lucius magnus manuel margaret margrethe maria
  martin mary maximilian mehmed michael murad napoleon nicholas olaf oscar otto paul pedro peter philip philippe
  pius ptolemy rameses ramesses ramses richard robert roger rudolf rudolph selim seti sigismund sixtus stanislaus
  stephen suleiman sylvester theodore theodosius thutmose umberto urban valentinian victor vittorio vladimir
  wenceslaus wilhelm wilhelmina william xerxes
`);

/** Titles before the name of a ruler. */
export const RULERS = listed(`
  archduke baron baroness caliph count countess czar duchess duke earl emperor empress kaiser khan king pharaoh
  pope prince princess queen shah sultan tsar tsarina
`);

/** Words after which some voices say `I` as "one" or "the first": `the book I read`, `I told George I was late`. */
export const MISREAD_BEFORE_I = listed(`
  act apollo book chap chapter part phrase scene section trek verse volume war
  alexander alexandria alfonso catherine charles edward elizabeth elmo erasmus frederick george gregory henry ivan
  james john leo louis mary napoleon nicholas paul peter philip pierre pius ptolemy richard william
`);
