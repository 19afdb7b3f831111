import { wordList } from "./word-list.js";

function byKey(entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(entries).flatMap(([key, words]) =>
      wordList(words).map((word): [string, string] => [word, key]),
    ),
  );
}

/** The modulation that a speech verb gives to its quote. */
export const VERB_MODULATIONS = byKey({
  whisper: "whisper whispers whispered whispering breathed",
  murmur: "murmured murmurs murmuring mumbled mumbles muttered mutters muttering",
  shout:
    "shouted shouts shouting yelled yells yelling bellowed bawled hollered hailed roared thundered boomed vociferated",
  scream:
    "screamed screams screaming shrieked shrieks shrieking screeched yelped squealed shrilled yowled howled",
  cry: "sobbed sobs sobbing wailed wails whimpered blubbered wept weeping",
  moan: "moaned moans groaned groans whined",
  laugh: "laughed laughs laughing chuckled giggled tittered cackled sniggered snickered chortled",
  sigh: "sighed sighs sighing",
  gasp: "gasped gasps gasping panted wheezed",
  hiss: "hissed hisses hissing",
  growl: "growled growls snarled snarls grunted rumbled",
  snap: "snapped snaps barked rapped",
  stammer: "stammered stammers stuttered faltered spluttered sputtered quavered",
  sing: "sang sings singing chanted crooned trilled crowed",
  drawl: "drawled drawls",
  squeak: "squeaked squeaks piped chirped chirruped cheeped",
  croak: "croaked croaks rasped",
  coo: "cooed purred soothed",
  sneer: "sneered scoffed jeered mocked taunted",
  plead: "pleaded pleads begged begs implored entreated besought",
  bleat: "bleated brayed",
});

/** The modulation that an adverb beside a speech verb gives to the quote. */
export const ADVERB_MODULATIONS = byKey({
  soft: "softly gently tenderly soothingly",
  quiet: "quietly silently",
  loud: "loudly aloud noisily",
  slow: "slowly deliberately languidly lazily drowsily sleepily",
  fast: "quickly hurriedly hastily rapidly breathlessly promptly",
  cold: "coldly coolly icily stiffly frostily",
  sharp: "sharply shortly curtly abruptly tartly",
  stern: "sternly severely gravely solemnly firmly",
  dry: "dryly drily ironically sarcastically",
  gruff: "gruffly roughly hoarsely huskily",
  timid: "timidly shyly meekly nervously anxiously hesitatingly doubtfully",
  cheerful: "cheerfully merrily gaily brightly happily joyfully gleefully briskly",
  sad: "sadly sorrowfully mournfully wistfully tearfully gloomily",
  angry: "angrily furiously fiercely savagely crossly indignantly",
  eager: "eagerly impatiently excitedly",
  proud: "proudly triumphantly haughtily loftily",
  scornful: "scornfully contemptuously disdainfully",
  calm: "calmly serenely placidly composedly",
  weak: "faintly feebly weakly wearily",
  mocking: "mockingly teasingly slyly archly",
});

/**
 * The modulation that an adjective of the voice gives to the quote: "in a hoarse voice", "in low
 * tones".
 */
export const VOICE_MODULATIONS = byKey({
  low: "low deep bass undertone",
  whisper: "whispering hushed",
  high: "high shrill piercing squeaky sharp",
  loud: "loud great ringing booming thundering stentorian",
  soft: "soft gentle sweet tender mild silky velvet smooth",
  quiet: "quiet small still",
  hoarse: "hoarse husky rough gruff harsh rasping",
  trembling: "trembling shaking quavering tremulous unsteady faltering broken",
  weak: "faint weak feeble thin tired weary",
  cold: "cold icy hard stern severe solemn grave",
  cheerful: "cheerful merry bright glad pleasant hearty",
  sad: "sad mournful melancholy sorrowful tearful doleful melancholy plaintive",
  angry: "angry furious terrible fierce savage",
  flat: "flat dull toneless monotonous expressionless",
  sleepy: "sleepy drowsy languid",
  clear: "clear distinct firm steady",
  strange: "strange odd unearthly muffled hollow choked strangled stifled",
});

export const VOICE_NOUNS: ReadonlySet<string> = new Set(
  wordList("voice tone tones whisper accents"),
);
