/**
 * Sentences and their phones in the voice slt, with a bar between words. A person set the bars by hand.
 * The sentences test the alignment, so the alignment itself must not set the bars.
 */
export const SENTENCE_PHONES: readonly (readonly [text: string, phones: string])[] = [
  [
    "The lighthouse keeper climbed the stairs before dawn.",
    "dh ax | l ay t hh aw s | k iy p er | k l ay m d | dh ax | s t eh r z | b ih f ao r | d ao n",
  ],
  [
    '"Where have you been?" she asked quietly.',
    "w eh r | hh ae v | y uw | b ih n | sh iy | ae s k t | k w ay ax t l iy",
  ],
  [
    "He owed the baker 25 pounds and a loaf of bread.",
    "hh iy | ow d | dh ax | b ey k er | t w eh n t iy f ay v | p aw n d z | ae n d | ax | l ow f | ah v | b r eh d",
  ],
  [
    "Nobody in the village remembered the old song anymore.",
    "n ow b aa d iy | ih n | dh ax | v ih l ax jh | r ih m eh m b er d | dh iy | ow l d | s ao ng | eh n iy m ao r",
  ],
  [
    "It rained for three days, and the river rose to the bridge.",
    "ih t | r ey n d | f ao r | th r iy | d ey z | ae n d | dh ax | r ih v er | r ow z | t ax | dh ax | b r ih jh",
  ],
  [
    "I can't believe you've come back at last!",
    "ay | k ae n t | b ih l iy v | y uw v | k ah m | b ae k | ae t | l ae s t",
  ],
  [
    "The cat, the dog and the parrot were asleep by the fire.",
    "dh ax | k ae t | dh ax | d ao g | ae n d | dh ax | p eh r ax t | w er | ax s l iy p | b ay | dh ax | f ay er",
  ],
  [
    "Doctor Watson laughed, but Holmes was already at the door.",
    "d aa k t er | w aa t s ax n | l ae f t | b ah t | hh ow m z | w aa z | ao l r eh d iy | ae t | dh ax | d ao r",
  ],
  [
    "Far away, beyond the hills, a bell began to ring.",
    "f aa r | ax w ey | b ih aa n d | dh ax | hh ih l z | ax | b eh l | b ih g ae n | t ax | r ih ng",
  ],
  [
    "She was an honest woman with an unusual idea.",
    "sh iy | w aa z | ae n | aa n ax s t | w uh m ax n | w ih dh | ae n | ax n y uw zh ax w ax l | ay d iy ax",
  ],
  [
    "What time is it when an elephant sits on your fence?",
    "w ah t | t ay m | ih z | ih t | w eh n | ae n | eh l ax f ax n t | s ih t s | aa n | y ao r | f eh n s",
  ],
  [
    "They rowed across the bay in an open boat.",
    "dh ey | r ow d | ax k r ao s | dh ax | b ey | ih n | ae n | ow p ax n | b ow t",
  ],
  [
    "On Monday the committee of geese met again.",
    "aa n | m ah n d iy | dh ax | k ax m ih t iy | ah v | g iy s | m eh t | ax g eh n",
  ],
  [
    "Her brother's letters arrived every other Wednesday.",
    "hh er | b r ah dh er z | l eh t er z | er ay v d | eh v er iy | ah dh er | w eh n z d iy",
  ],
  [
    "The clock struck thirteen, and everybody stopped talking.",
    "dh ax | k l aa k | s t r ah k | th er t iy n | ae n d | eh v r iy b aa d iy | s t aa p t | t ao k ih ng",
  ],
  [
    "A small green bottle stood on the window sill.",
    "ax | s m ao l | g r iy n | b aa t ax l | s t uh d | aa n | dh ax | w ih n d ow | s ih l",
  ],
  [
    "If we wait until evening, the tide will turn.",
    "ih f | w iy | w ey t | ax n t ih l | iy v n ih ng | dh ax | t ay d | w ih l | t er n",
  ],
  [
    "The captain ordered all of us to abandon the ship.",
    "dh ax | k ae p t ax n | ao r d er d | ao l | ah v | ah s | t ax | ax b ae n d ax n | dh ax | sh ih p",
  ],
  [
    "Listen: somebody is walking about upstairs.",
    "l ih s ax n | s ah m b aa d iy | ih z | w ao k ih ng | ax b aw t | ax p s t eh r z",
  ],
  [
    "In the end, he gave the golden apple to the youngest sister.",
    "ih n | dh iy | eh n d | hh iy | g ey v | dh ax | g ow l d ax n | ae p ax l | t ax | dh ax | y ah ng g ax s t | s ih s t er",
  ],
];
