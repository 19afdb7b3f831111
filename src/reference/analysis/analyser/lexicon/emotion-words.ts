import type { EmotionLabel } from "../document.js";
import { wordList } from "./word-list.js";

type Feeling = Exclude<EmotionLabel, "neutral">;

/**
 * Words by the emotion that they show. The lists were written for this project and contain the word
 * forms that stories use.
 */
const WORDS: Readonly<Record<Feeling, readonly string[]>> = {
  joy: wordList(
    "joy joyful joyfully joyous happy happily happiness happier glad gladly gladness gladdened delight delighted",
    "delightful delightfully merry merrily merriment cheer cheerful cheerfully cheerfulness laugh laughed laughing laughter",
    "smile smiled smiling smiles grin grinned grinning beamed beaming chuckle chuckled giggled giggling pleased pleasure",
    "pleasant content contented contentedly satisfied bliss blissful rapture rapturous ecstasy elated exultant exulted",
    "rejoice rejoiced rejoicing triumph triumphant triumphantly jolly jubilant lovely love loved loving beloved darling",
    "sweet tender tenderly kiss kissed embrace embraced hug hugged dance danced dancing sang wonderful splendid glorious",
    "fun funny amused amusing amusement thank thanked thankful grateful gratefully blessed hope hopeful proud proudly",
    "charming enjoy enjoyed enjoying warmly gaily gay playful playfully hurrah bravo relief relieved bright brightened",
    "beautiful comfort comforted welcome friend friendly kind kindly kindness gentle fortunate lucky feast celebrate",
  ),
  sadness: wordList(
    "awful unfortunately unfortunate sadder saddest alas miss missed pitied pathetic",
    "sad sadly sadness sorrow sorrowful sorrowfully grief grieve grieved grieving weep weeping wept tear tears tearful",
    "tearfully cry crying cried sob sobbed sobbing sobs mourn mourned mournful mournfully mourning lament lamented wail",
    "wailed wailing melancholy gloomy gloom miserable misery wretched unhappy unhappiness lonely loneliness alone forlorn",
    "desolate despair despairing despaired hopeless hopelessly heartbroken broken hurt ache aching ached sigh sighed",
    "sighing regret regretted sorry pity pitiful piteous piteously bitterly dead death died dying die buried grave funeral",
    "lost loss farewell goodbye parted weary wearily tired depressed dejected dejectedly downcast disappointed",
    "disappointment ruined tragedy tragic suffer suffered suffering pain painful poor moan moaned moaning groaned orphan",
    "homesick grieves inconsolable woe woeful doleful dolefully wistful wistfully crestfallen",
  ),
  anger: wordList(
    "stupid stupidity nonsense ridiculous dare dared shut worst hateful hell dumb blast insolence impertinent enough",
    "anger angry angrily angered rage raged raging enraged fury furious furiously wrath wrathful mad madly cross crossly",
    "annoyed annoyance irritated irritation irritably indignant indignantly indignation resent resented resentful",
    "resentment bitter hate hated hatred hateful spite spiteful cruel cruelly fierce fiercely savage savagely violent",
    "violently threat threatened threatening curse cursed cursing swore shouted scream roared roar snarled growled snapped",
    "glared glare scowled scowl frown frowned clenched stamped stamping slammed struck strike hit beat quarrel quarrelled",
    "fight fought revenge vengeance villain scoundrel rascal wretch liar traitor fool idiot damn confound impudent",
    "impudence insolent insult insulted outrage outraged exasperated impatient impatiently hostile rude rudely accused",
    "punish punished blame blamed defiance defiant defiantly stormed thundered",
  ),
  fear: wordList(
    "fear feared fearful fearfully afraid frighten frightened frightening fright terror terrified terrify terrible",
    "terribly horror horrified horrible horribly dread dreaded dreadful dreadfully panic panicked scare scared scary alarm",
    "alarmed alarming anxious anxiously anxiety nervous nervously nervousness worry worried uneasy uneasily uneasiness",
    "tremble trembled trembling shudder shuddered shuddering shiver shivered shivering shook quake quaked quaking pale",
    "paled white-faced timid timidly danger dangerous peril perilous threat menace menacing ghost ghostly monster creepy",
    "haunted dark darkness shadow shadows cower cowered flee fled escape hide hid hiding beware trapped helpless help",
    "desperate desperately agony ghastly petrified apprehension apprehensive startled wolf murder murderer kill killed",
    "devour devoured scream screamed shriek shrieked nightmare",
  ),
  surprise: wordList(
    "oh wow whoa heavens incredibly really unheard-of unforeseen dazed staring",
    "surprise surprised surprising surprisingly astonish astonished astonishing astonishment amaze amazed amazing",
    "amazement startle startled startling wonder wondered wondering marvel marvelled marvellous suddenly sudden unexpected",
    "unexpectedly extraordinary incredible incredulous incredulously unbelievable shock shocked stunned dumbfounded",
    "bewildered bewilderment perplexed puzzled gasp gasped gasping gaped stared strange strangely curious curiously",
    "remarkable exclaimed goodness gracious why what speechless staggered thunderstruck abruptly miracle miraculous",
  ),
  disgust: wordList(
    "gross cringe yuck ugh disgraceful creepy awful nauseating unclean dirty",
    "disgust disgusted disgusting disgustedly loathe loathed loathing loathsome revolting revolted repulsive repulsion",
    "repulsed repugnant nasty foul filthy filth vile sickening sickened sick nausea nauseous stench stink stinking stank",
    "rotten slimy slime ugly hideous odious detest detested detestable abhor abhorred contempt contemptuous",
    "contemptuously scorn scornful scornfully sneer sneered disdain disdainful despise despised distaste gross horrid",
    "putrid vermin mud muddy spat grimace grimaced beastly abominable shameful shame",
  ),
};

/** Words that show an emotion only weakly, because stories use them with many other meanings. */
const FAINT = new Set(
  wordList(
    "why what wonder wondered wondering stared strange strangely curious curiously dark darkness shadow shadows help wolf",
    "alone hope kind kindly friend friendly bright sweet gentle poor lost dead tired struck strike hit beat cried cry",
    "oh really enough dare miss missed shut dirty fool exclaimed shook hide hid suddenly sudden mud muddy fun gay cross mad love loved",
  ),
);
const FAINT_WEIGHT = 0.4;

export const EMOTION_WORDS: ReadonlyMap<string, ReadonlyMap<Feeling, number>> = buildLexicon();

function buildLexicon(): ReadonlyMap<string, ReadonlyMap<Feeling, number>> {
  const lexicon = new Map<string, Map<Feeling, number>>();
  for (const feeling of Object.keys(WORDS).filter(isFeeling)) {
    for (const word of WORDS[feeling]) {
      const feelings = lexicon.get(word) ?? new Map<Feeling, number>();
      feelings.set(feeling, FAINT.has(word) ? FAINT_WEIGHT : 1);
      lexicon.set(word, feelings);
    }
  }
  return lexicon;
}

/** The emotion that each word shows most clearly. Without words that show an emotion only weakly. */
export const EMOTIONS_OF_WORDS: ReadonlyMap<string, Feeling> = new Map(
  [...EMOTION_WORDS].flatMap(([word, feelings]): [string, Feeling][] => {
    const [first] = feelings.keys();
    return first && !FAINT.has(word) ? [[word, first]] : [];
  }),
);

function isFeeling(key: string): key is Feeling {
  return key in WORDS;
}

export const NEGATIONS: ReadonlySet<string> = new Set(
  wordList(
    "not no never neither nor none nobody nothing without hardly scarcely barely cannot can't don't didn't doesn't isn't",
    "wasn't weren't won't wouldn't couldn't shouldn't haven't hasn't hadn't ain't aren't mustn't needn't shan't",
  ),
);

export const INTENSIFIERS: ReadonlyMap<string, number> = new Map([
  ...wordList(
    "very so too really truly deeply utterly extremely terribly dreadfully awfully exceedingly absolutely quite more most",
    "perfectly thoroughly completely intensely bitterly such greatly highly violently wildly",
  ).map((word): [string, number] => [word, 1.5]),
  ...wordList(
    "rather somewhat slightly a-little fairly almost half faintly vaguely mildly partly",
  ).map((word): [string, number] => [word, 0.6]),
]);

/** The emotion that a speech verb suggests for its quote. */
export const VERB_EMOTIONS: ReadonlyMap<string, Feeling> = new Map(
  Object.entries({
    joy: "laughed chuckled giggled tittered beamed grinned smiled crowed trilled chirped chirruped joked jested cheered",
    sadness:
      "sobbed wailed moaned groaned whimpered sniffed sniffled blubbered sighed lamented wept whined pouted",
    anger:
      "roared bellowed thundered snarled growled snapped barked stormed raged scolded cursed swore threatened retorted hissed",
    fear: "screamed shrieked stammered stuttered quavered faltered trembled shuddered shivered squeaked whimpered",
    surprise: "exclaimed gasped ejaculated marvelled started",
    disgust: "sneered scoffed jeered snorted spat",
  } satisfies Record<Feeling, string>).flatMap(([feeling, verbs]) =>
    wordList(verbs).map((verb): [string, Feeling] => [verb, isFeeling(feeling) ? feeling : "joy"]),
  ),
);
