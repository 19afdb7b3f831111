/**
 * Sentences as they are written, and as a reader says them. The embedded engine must say both with the same phones.
 * To add a case, add a line.
 */
export const SAID: readonly (readonly [written: string, said: string])[] = [
  ["Capt. Vane paid £3m.", "Captain Vane paid three million pounds."],
  [
    "Lt. Reed and Sgt. Pike saw Col. Brandt.",
    "Lieutenant Reed and Sergeant Pike saw Colonel Brandt.",
  ],
  ["Prof. Lund taught Gov. Marsh.", "Professor Lund taught Governor Marsh."],
  ["MR. HALE and MRS. PORTER rose.", "Mister Hale and Missus Porter rose."],
  [
    "Ms. Duval met Mme. Duval, and Ms Lowe smiled.",
    "Miz Duval met Madame Duval, and Miz Lowe smiled.",
  ],
  [
    "John Hale, Jr., was the clerk of Room No. 7.",
    "John Hale, Junior, was the clerk of room number seven.",
  ],
  [
    "Hale vs. Porter, Vol. 2, p. 44, and pp. 45-46.",
    "Hale versus Porter, volume two, page forty-four, and pages forty-five to forty-six.",
  ],
  [
    "They met at the corner of Elm St. and St. Mark's Rd.",
    "They met at the corner of Elm Street and Saint Mark's Road.",
  ],
  ["He lived on Oak St. He was old.", "He lived on Oak Street. He was old."],
  ["We climbed Mt. Etna, etc. and slept.", "We climbed Mount Etna, et cetera and slept."],
  [
    "Take fruit, e.g. plums, i.e. the ripe ones.",
    "Take fruit, for example plums, that is the ripe ones.",
  ],
  ["Drive down Hill Dr. and ask for Dr. Ames.", "Drive down Hill Drive and ask for Doctor Ames."],
  [
    "She weighed 120 lbs. and stood 5 ft. 2 in. tall.",
    "She weighed one hundred twenty pounds and stood five feet two inches tall.",
  ],
  [
    "He ran 5 km in 30 min. and drank 2 oz. of rum.",
    "He ran five kilometers in thirty minutes and drank two ounces of rum.",
  ],
  [
    `He was 6'2" tall and had a 12" knife.`,
    "He was six feet two inches tall and had a twelve inch knife.",
  ],
  ["It was -5 °C at 45° N.", "It was minus five degrees Celsius at forty-five degrees north."],
  ["Chapter IV and Act II.", "Chapter four and Act two."],
  [
    "Henry VIII, Louis XIV and Napoleon III.",
    "Henry the eighth, Louis the fourteenth and Napoleon the third.",
  ],
  ["Pope Leo X died before World War II.", "Pope Leo the tenth died before World War two."],
  ["XIV.", "Fourteen."],
  ["I.", "One."],
  ["II. The Hound", "Two. The Hound"],
  ["the book I read", "the book eye read"],
  [
    "It cost £1, £3 million, or $2.5m.",
    "It cost one pound, three million pounds, or two point five million dollars.",
  ],
  ["It cost €20k, 5¢ and 5p.", "It cost twenty thousand euros, five cents and five pence."],
  [
    "He had £3 4s. 6d. left, or 2s. 6d.",
    "He had three pounds four shillings and sixpence left, or two shillings and sixpence.",
  ],
  [
    "Tickets were $5-10, then $1,234.56.",
    "Tickets were five to ten dollars, then one thousand two hundred thirty-four dollars fifty-six cents.",
  ],
  ["In 1066 and in 1941 it snowed.", "In ten sixty-six and in nineteen forty-one it snowed."],
  [
    "From 1914-18 and 1939–45 it was shut.",
    "From nineteen fourteen to eighteen and nineteen thirty-nine to forty-five it was shut.",
  ],
  ["There were 1941 men.", "There were one thousand nine hundred forty-one men."],
  ["On 3 May 1889 he left.", "On the third of May eighteen eighty-nine he left."],
  ["On Sept. 5 he came.", "On September fifth he came."],
  [
    "Caesar died in 44 BC, and he in AD 44.",
    "Caesar died in forty-four B C, and he in A D forty-four.",
  ],
  [
    "At 9.30 he ate, and at 10.15 a.m. he slept.",
    "At nine thirty he ate, and at ten fifteen A.M he slept.",
  ],
  ["It is ½ past 4 now.", "It is half past four now."],
  [
    "Write to ann@example.com or see https://www.example.org/a/b?c=1.",
    "Write to ann at example dot com or see example dot org.",
  ],
  ["2 + 2 = 4, and 3×4 = 12.", "Two plus two equals four, and three times four equals twelve."],
  ["A. A. Hale joined the C.I.A. today.", "A A Hale joined the C.I.A today."],
  ["Ahhh! Nooo! Owww!", "Ah! No! Ow!"],
  ["Ohhh, ewww, awww, uhh.", "Oh, ew, aw, uh."],
  ["Mm-hmm. Hmph! Tsk-tsk.", "Mm hmm. Humph! Tsk tsk."],
  ["Sooo looong, helllp me, pleeease.", "So long, help me, please."],
  ["W-w-what? B-but I-I can't.", "Wuh-wuh-what? Buh-but I-I can't."],
  ["The crew of the _Argo_'s boat.", "The crew of the Argo's boat."],
];
