import { wordSet } from "./word-list.js";

/**
 * Words that evoke a mood, even if no character expresses the mood. For example, a ghost story is
 * eerie even if its characters are not afraid.
 */
export const MOOD_WORDS = {
  eerie: wordSet(
    "ghost ghosts ghostly haunt haunted haunting spirit spirits phantom spectre apparition silence silent stillness dark",
    "darkness dusk twilight midnight gloom gloomily mist fog moonlight candle lamp lamplight creak creaked creaking",
    "whispered murmured muttered chill chilly cold dead grave graveyard cemetery tomb bones corpse skeleton breath odd oddly",
    "strange strangely unease uneasy uneasily uncanny weird unnatural vanished invisible stopped empty abandoned eerie creepy",
    "hollow moaned howled shiver shivered shivering shudder shuddered pale grey screamed nobody thunder gone horror ghastly",
    "tragedy dazed wraith eerily dread vanish",
  ),
  mysterious: wordSet(
    "inspector detective constable police clue clues mystery mysterious secret secrets riddle puzzle puzzled puzzling stolen",
    "thief thieves jewel jewels emerald diamond missing suspect suspected suspicion evidence alibi witness footprint",
    "footprints hidden whoever midnight murderer investigate investigation theory traces solved deduce deduced locked",
    "disguise explanation",
  ),
  tender: wordSet(
    "gently gentle soft softly tender tenderly warm warmth warmed quiet quietly heart kiss kissed embrace embraced arms baby",
    "darling beloved love loved loving tears tear wept crying forgive forgave forgiven together kind kindly kindness lonely",
    "comfort careful carefully goodbye father mother grandmother promised remember remembered home sleep asleep waited waiting",
    "sighed smiled hands hand sang garden patient",
  ),
  playful: wordSet(
    "laugh laughed laughing laughter joke joked joking fun funny silly absurd ridiculous nonsense tease teased trick tricks",
    "prank grin grinned giggle giggled chuckle chuckled play played playing game games merry merrily jolly hurrah hooray",
    "humph honk um ha ho hey aw whew pooh plop splash slap bang puff puffing bump hump wobble tumbled bounced hat waistcoat",
    "trousers pudding soup cake jam cheese hooted cleverness wits rascal idle clever politely solemnly",
    "indignantly dignity cross tail beak paws paw whiskers",
  ),
  adventurous: wordSet(
    "ship ships sail sails sailed sailing mast schooner captain crew deck sea seas island treasure sword swords horse horses",
    "gallop galloped ride rode riding journey voyage mountain mountains cave pirate pirates gun guns rifle pistol fight",
    "fought battle storm reef rocks desert danger dangerous escape escaped climb climbed leap leapt attack attacked prisoner",
    "captive rescue rescued scout camp flag anchor rope chase chased pursuit breakers harbour cannon trail",
  ),
} as const;

export type Atmosphere = keyof typeof MOOD_WORDS;
