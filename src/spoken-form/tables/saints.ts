import { listed } from "./words.js";

/** Names after which `St.` is a saint, even if a capitalised word stands before. In lower case. */
export const SAINTS = listed(`
  agnes aidan alban albans ambrose andrew andrews ann anne anthony antony asaph aubyn augustine austell barnabas
  bartholomew basil benedict bernard boniface botolph brendan bride bridget catherine cecilia charles
  christopher clair clare claire clement columba croix cuthbert cyr cyril david denis dennis dominic dunstan edmund
  edmunds elizabeth elmo francis gabriel george germain giles gregory helena helens helen helier hilary ignatius
  ives james jerome joan john johns joseph jude kilda kitts lambert laurence lawrence lazare leger leonard leonards louis
  lucia lucy luke magnus malo margaret mark martha martin mary mary's matthew maur mawes michael moritz neots
  nicholas olave olaf osyth pancras patrick paul pauls peter peters petersburg philip pierre regis rita sebastian
  simon stephen swithin teresa theresa thomas tropez ursula valentine vincent vitus wilfrid xavier
`);

/** Names that stand before a saint: `Mount St. Helens`, `Bury St. Edmunds`. */
export const BEFORE_SAINTS = listed(`
  Bury Cape Church Faubourg Gare Chipping College East Fort Great Hospital Hotel Isle Lady Lake Little Lord Madame Monsieur Mount
  New North Old Ottery Place Point Pont Port Porte Quai Rue Sault Sir South Upper West
`);
