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
    'He was 6\'2" tall and had a 12" knife.',
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
  ["The crew of the _Argo_'s boat.", "The crew of the Argo's boat."],
  ["Cpl. Jones, Maj. Hope and Gen. Lee left.", "Corporal Jones, Major Hope and General Lee left."],
  ["CAPT. VANE AND DR. AMES MET.", "Captain VANE and Doctor AMES MET."],
  [
    "The Rev. Mr. Green met the Hon. Mrs. Fox.",
    "The Reverend Mister Green met the Honourable Missus Fox.",
  ],
  [
    "Lt.-Col. Vane wrote to Supt. Hay and Insp. Bell.",
    "Lieutenant-Colonel Vane wrote to Superintendent Hay and Inspector Bell.",
  ],
  [
    "Capt Vane and Sgt Pike saw Mlle Duval.",
    "Captain Vane and Sergeant Pike saw Mademoiselle Duval.",
  ],
  ['"Thank you, Capt."', "Thank you, Captain."],
  ["The Capt. laughed, and the Prof. slept.", "The Captain laughed, and the Professor slept."],
  [
    "Messrs. Hall and Sons wrote to Hall Bros. of York.",
    "Messrs Hall and Sons wrote to Hall Brothers of York.",
  ],
  [
    "He worked for Acme Corp. and for Hall & Co. in Leeds.",
    "He worked for Acme Corporation and for Hall and Company in Leeds.",
  ],
  ["Wm. Hale and Geo. Fox, Esq., signed.", "William Hale and George Fox, Esquire, signed."],
  [
    "She drove down Fifth Ave. to 42nd St. and stopped.",
    "She drove down Fifth Avenue to forty-second Street and stopped.",
  ],
  ["He lives at 12 Oak Dr. now.", "He lives at twelve Oak Drive now."],
  ["Dr. and Mrs. Ames came to Ft. Wayne.", "Doctor and Missus Ames came to Fort Wayne."],
  [
    "He was born in Boston, Mass., in 1901.",
    "He was born in Boston, Massachusetts, in nineteen oh one.",
  ],
  [
    "See fig. 3, ch. xii, sec. 4 and Nos. 7 and 8.",
    "See figure three, chapter twelve, section four and numbers seven and eight.",
  ],
  [
    "It is No.5 of the approx. 20 in Vol. IV.",
    "It is number five of the approximately twenty in volume four.",
  ],
  ["She was made c. 1900, i.e. late.", "She was made circa nineteen hundred, that is late."],
  ["The dept. had ten men, a.k.a. the Ten.", "The department had ten men, also known as the Ten."],
  ["Smith v. Jones, Hale vs Lowe.", "Smith versus Jones, Hale versus Lowe."],
  ["He bought plums, pears, &c.", "He bought plums, pears, et cetera."],
  [
    "I wrote on the 5th inst. and he on the 6th ult.",
    "I wrote on the fifth instant and he on the sixth ultimo.",
  ],
  ["He gave five per cent. of it.", "He gave five per cent of it."],
  ["The act I saw was long.", "The act eye saw was long."],
  ["I told George I was late.", "I told George eye was late."],
  ["Charles I was king after James I.", "Charles the first was king after James the first."],
  [
    "King Edward VII and Queen Mary I met.",
    "King Edward the seventh and Queen Mary the first met.",
  ],
  [
    "Henry VIII's wives and Elizabeth II's sons.",
    "Henry the eighth's wives and Elizabeth the second's sons.",
  ],
  ["John Hale III saw Rocky II.", "John Hale the third saw Rocky two."],
  ["Acts I, II and III, Chapters IV-VI.", "Acts one, two and three, Chapters four to six."],
  ["The XIXth century and Super Bowl XLII.", "The nineteenth century and Super Bowl forty-two."],
  ["It was built in MDCLXVI.", "It was built in sixteen sixty-six."],
  ["CHAPTER XL", "Chapter forty"],
  ["He fought in WWII.", "He fought in World War Two."],
  [
    "It cost £1.50, $0.05 and £5.20.",
    "It cost one pound fifty, five cents and five pounds twenty.",
  ],
  [
    "He paid with a $20 bill and a £5 note.",
    "He paid with a twenty dollar bill and a five pound note.",
  ],
  [
    "US$5, €1 and £1,250 were left.",
    "five U.S dollars, one euro and one thousand two hundred fifty pounds were left.",
  ],
  [
    "They want $5m-$10m or £5–£6.",
    "They want five million to ten million dollars or five to six pounds.",
  ],
  ["It cost 1s. then, or 3d. apiece.", "It cost one shilling then, or threepence apiece."],
  ["It sold for £2 10s. in 1850.", "It sold for two pounds ten shillings in eighteen fifty."],
  ["It cost Rs. 500 or €2 million.", "It cost five hundred rupees or two million euros."],
  ["It was a 50p coin.", "It was a fifty pence coin."],
  ["In 1588 and 1666 ships burned.", "In fifteen eighty-eight and sixteen sixty-six ships burned."],
  [
    "The 1890s, the '20s and the 1670s.",
    "The eighteen nineties, the twenties and the sixteen seventies.",
  ],
  [
    "In 2003 there were 1,066 guineas.",
    "In two thousand three there were one thousand sixty-six guineas.",
  ],
  [
    "He came on May 3rd, 1889, and on 5th June.",
    "He came on May third, eighteen eighty-nine, and on the fifth of June.",
  ],
  ["On 25/12/1999 it snowed.", "On the twenty-fifth of December nineteen ninety-nine it snowed."],
  ["On 1889-05-03 it rained.", "On May third eighteen eighty-nine it rained."],
  [
    "In Dec. he left, on Sat. 3 May he came.",
    "In December he left, on Saturday the third of May he came.",
  ],
  ["The 21st of 100 men was 3rd.", "The twenty-first of one hundred men was third."],
  [
    "I ate 1/2 a pie and 2/3 of 3½ more.",
    "I ate half a pie and two thirds of three and a half more.",
  ],
  ["Pi is 3.14, and .5 is half.", "Pi is three point one four, and point five is half."],
  ["It fell to −3 or -12.", "It fell to minus three or minus twelve."],
  [
    "5–6 men ran 10-12 miles, 5%–10% fell.",
    "five to six men ran ten to twelve miles, five percent to ten percent fell.",
  ],
  ["Call 911 or 555-1234.", "Call nine one one or five five five, one two three four."],
  [
    "He drove at 60 mph for 3 hrs. and slept.",
    "He drove at sixty miles per hour for three hours and slept.",
  ],
  [
    "It weighs 5kg, is 30 cm wide and holds 2 gal. of tea.",
    "It weighs five kilograms, is thirty centimeters wide and holds two gallons of tea.",
  ],
  ["A 6-ft. man ate a 12-oz. steak.", "A six-foot man ate a twelve-ounce steak."],
  [
    "six ft. of snow fell on 5 sq. mi. of land.",
    "six feet of snow fell on five square miles of land.",
  ],
  ["He is 5′ 11″, she 6' tall.", "He is five feet eleven inches, she six feet tall."],
  [
    'The door is 30" wide and the 2" by 4" plank fits.',
    "The door is thirty inches wide and the two inches by four inches plank fits.",
  ],
  [
    "A 10×10 m room at 1° or 20°C.",
    "A ten by ten meter room at one degree or twenty degrees Celsius.",
  ],
  ["He ran for 10 min. Then he sat.", "He ran for ten minutes. Then he sat."],
  ["The 9.15 train left at 17:05.", "The nine fifteen train left at seventeen oh five."],
  ["Open 9 a.m.–5 p.m., or 24/7.", "Open nine a.m. to five p.m., or twenty-four seven."],
  [
    "At 0600 hours he rose, at 1430 hours he slept.",
    "At oh six hundred hours he rose, at fourteen thirty hours he slept.",
  ],
  ["Visit www.example.com or shop.net today.", "Visit example dot com or shop dot net today."],
  ["R&D and AT&T like Q&A.", "R and D and A.T and T like Q and A."],
  ["He/she has 50 % and §5.", "He or she has fifty percent and section five."],
  [
    "5 > 3, 2 - 1 = 1, ~5 and 2±1.",
    "five is greater than three, two minus one equals one, about five and two plus or minus one.",
  ],
  ["w/o milk, c/o Ann.", "without milk, care of Ann."],
  ["A UFO of the CIA, said the CEO.", "A U.F.O of the C.I.A, said the C.E.O."],
  ["The U.S. army and the F.B.I. man.", "The U.S army and the F.B.I man."],
  ["George A. Hale and A. Conan Bell.", "George A Hale and A Conan Bell."],
  ["Pfft, tch, mmph, hrmph!", "Pfft, tisk, mumph, hrumph!"],
  ["Owww, ewww, awww, ummm, errr.", "Ow, ew, aw, um, er."],
  ["mr. hale and dr. ames met capt. vane.", "mister hale and doctor ames met captain vane."],
  ["It was the 1605 plot, in AD 1605.", "It was the sixteen oh five plot, in A D sixteen oh five."],
  [
    "She weighed 8 st. 4 lbs. on Mon. the 5th.",
    "She weighed eight stone four pounds on Monday the fifth.",
  ],
  [
    "Louis XII. of France and Henry IV., king of all.",
    "Louis the twelfth of France and Henry the fourth, king of all.",
  ],
  ["In the reign of James I wore crowns.", "In the reign of James the first wore crowns."],
  ["Chapter I The Start", "Chapter one The Start"],
  ["He drew a .45, then a .22 rifle.", "He drew a forty-five, then a twenty-two rifle."],
  [
    "The plank was 3½ in. thick and 2 × 3 = 6.",
    "The plank was three and a half inches thick and two times three equals six.",
  ],
  ["The J.R.R. Hale book cost US$1.", "The J.R.R Hale book cost one U.S dollar."],
  [
    "He lives at No 7, Elm St., in Tampa, Fla.",
    "He lives at number seven, Elm Street, in Tampa, Florida.",
  ],
  ["VOL. I.", "Volume one."],
  ["I.—The Start", "One, The Start"],
  ["Enter Henry VI. and his queen.", "Enter Henry the sixth and his queen."],
  ["Copyright MCMXLI by Ann.", "Copyright nineteen forty-one by Ann."],
  [
    "Mr. Hale Sr. and John Hale, Sr., met in the winter of 1914/15.",
    "Mister Hale Senior and John Hale, Senior, met in the winter of nineteen fourteen to fifteen.",
  ],
  [
    "Add 2 tbsp. of oil to a 3 ft. by 5 ft. pan.",
    "Add two tablespoons of oil to a three foot by five foot pan.",
  ],
];
