import { wordSet } from "./word-list.js";

/**
 * Verbs that always report speech, in the forms that narration uses. Source: Levin (1993), English
 * Verb Classes and Alternations. Classes 37.1 to 37.9 are communication. Class 38 is animal sounds,
 * here used for people.
 */
export const SPEECH_VERBS = wordSet(
  "said says saying asked asks asking replied replies replying answered answers answering cried cries crying",
  "exclaimed exclaims exclaiming whispered whispers whispering murmured murmurs murmuring muttered mutters",
  "muttering shouted shouts shouting yelled yells yelling screamed screams screaming shrieked shrieks shrieking",
  "called calls calling told tells observed remarked remarks returned rejoined retorted responded",
  "responds inquired enquired inquires demanded demands suggested suggests declared declares announced announces",
  "explained explains protested protests insisted insists pleaded pleads begged begs implored entreated besought",
  "urged urges warned warns promised promises admitted admits confessed confesses conceded agreed agrees assented",
  "objected objects interposed interrupted interrupts interjected ejaculated commented comments stated",
  "asserted affirmed averred avowed maintained boasted bragged vowed swore complained complains grumbled grumbles",
  "growled growls snarled snarls snapped snaps barked bellowed bellows roared roars thundered boomed hissed hisses",
  "croaked croaks squeaked squeaks squealed squeals squawked chirped chirruped piped cooed crooned purred drawled",
  "drawls lisped stammered stammers stuttered faltered gasped gasps panted wheezed sobbed sobs wailed wails moaned",
  "moans groaned groans whimpered whimpers whined whines sniffed sniffled blubbered blurted burst chanted sang sings",
  "recited quoted repeated repeats echoed prayed preached lectured scolded chided rebuked reproved reproached",
  "reprimanded admonished cautioned advised counselled consoled soothed reassured assured encouraged teased taunted",
  "mocked jeered scoffed sneered gibed joked jested quipped bantered chaffed hinted intimated insinuated ventured",
  "volunteered offered proposed pronounced proclaimed uttered breathed hollered hailed bawled brayed bleated",
  "quavered quoth spluttered sputtered mumbled mumbles jabbered gabbled babbled prattled chattered tattled",
  "threatened cursed challenged accused apologised apologized acknowledged concluded corrected queried questioned",
  "wondered mused reflected speculated surmised guessed marvelled moralised philosophised persisted pursued",
  "parried countered contradicted argued reasoned remonstrated expostulated deprecated denied refused declined",
  "commanded ordered directed bade greeted welcomed congratulated thanked rapped rasped grunted grunts howled",
  "screeched yelped yowled cackled crowed trilled gurgled trumpeted hooted dictated narrated related recounted",
  "reminded informed confided disclosed revealed announced thought shrilled vociferated soliloquised supplemented",
);

/** Verbs that report speech in languages in which tags often stand inside the marks or between dashes. */
const FOREIGN_SPEECH_VERBS = wordSet(
  "dit dirent demanda répondit reprit murmura cria ajouta répliqua s'écria s’écria écria soupira chuchota interrogea",
  "dijo preguntó respondió contestó exclamó gritó murmuró añadió replicó susurró disse chiese domandò rispose gridò",
  "mormorò esclamò aggiunse perguntou respondeu gritou murmurou exclamou sagte fragte antwortete rief flüsterte meinte",
  "erwiderte murmelte сказал сказала спросил спросила ответил ответила крикнул крикнула прошептал прошептала",
  "воскликнул воскликнула подумал подумала отозвался отозвалась закричал закричала sade frågade svarade ropade viskade",
  "dachte pensa pensó pensò думал думала sagde spurgte svarede råbte spurte svarte sanoi kysyi vastasi huusi zei vroeg antwoordde fluisterde powiedział powiedziała zapytał zapytała odpowiedział odpowiedziała",
);
/** Verbs that always report speech, in all languages. */
export const REPORTING_VERBS: ReadonlySet<string> = new Set([
  ...SPEECH_VERBS,
  ...FOREIGN_SPEECH_VERBS,
]);

/**
 * Verbs that report speech only if punctuation connects the verb to the quote. Examples: a comma
 * between the verb and the quote, or a comma as the last mark inside the quote.
 */
export const WEAK_SPEECH_VERBS = wordSet(
  "added adds continued continues began begins went goes resumed proceeded laughed laughs smiled smiles grinned",
  "chuckled giggled tittered sighed sighs nodded nods shrugged frowned scowled beamed winked blushed shuddered",
  "finished ended started put broke cut struck joined gave made turned came thinks read reads reads wrote smirked",
  "coughed yawned sniggered snickered snorted shivered pouted nudged pointed spoke speaks sympathised sympathized",
  "coaxed wheedled cajoled considered decided remembered noticed noted opined allowed granted supposed hoped",
);

/**
 * Auxiliaries, adverbs and other words that can be between a subject and its speech verb: "she had
 * then said".
 */
export const VERB_GROUP_WORDS = wordSet(
  "had has have would could did was were then again only at once last now still also just never first always often",
  "even too presently soon suddenly merely simply almost quite rather very all both half to began went on out back",
);

/** Verbs that follow a subject in narration. A name before such a verb probably means a person. */
export const COMMON_VERBS = wordSet(
  "was is had has did does would could should might must will can may went came saw looked turned took gave made got",
  "knew thought felt stood sat ran walked heard found told began stopped seemed smiled laughed nodded shook put left",
  "kept held rose fell led met brought spoke wanted liked loved hated wished hoped tried grew became set drew threw",
  "opened closed reached pulled pushed lifted leaned paused waited watched lay read wrote ate drank slept woke jumped",
  "lit bit blew broke bought built caught chose cut dug drove flung forgave froze hid hung lent lost meant paid rang rode",
  "sang sent shot shut slid spent sprang stole swam swung taught tore threw wore wrung crept bent bore bowed knelt swore",
  "hurried followed entered returned stared glanced shrugged frowned sighed understood remembered forgot believed",
);

/** Verbs of narration whose object is a person. */
export const MEETING_VERBS = wordSet(
  "kissed hugged embraced married met told asked thanked greeted followed watched interrupted answered helped obeyed pitied",
  "comforted scolded nudged kicked slapped dismissed invited introduced begged reminded assured persuaded tell ask thank",
);

/** Verbs of narration whose subject is a person, and not the weather, a room or a feeling. */
export const PERSON_VERBS = wordSet(
  "laughed smiled grinned chuckled giggled sighed nodded shrugged frowned scowled winked blushed wept sobbed thought knew",
  "believed remembered forgot wanted wished hoped hated loved liked decided considered sat stood knelt walked ran hurried",
  "looked stared glanced gazed listened watched waited wondered set put took gave laid picked pulled pushed lifted opened",
  "closed locked wiped washed poured drank ate dressed wrote read bowed leaned climbed yawned slept woke shivered trembled",
  "laughs smiles grins sighs nods shrugs frowns thinks knows wants sits stands walks looks stares waits listens takes puts",
);

/** Nouns for speech, with their owner: in "was Tom's question", Tom speaks. */
export const SPEECH_NOUNS = wordSet(
  "question answer reply response retort rejoinder remark comment verdict cry exclamation greeting words word thought",
  "thoughts suggestion objection protest conclusion advice request order command warning whisper murmur shout farewell",
  "observation explanation excuse opinion report message summons invitation salutation prayer plea refrain voice",
);
/** Verbs that join a noun for speech to the quote: "her answer was", "came Tom's voice". */
export const LINKING_VERBS = wordSet("was were is came comes followed rang ran being had");
/** Words that belong to a speech verb and can stand before its subject: "put in Vera". */
export const VERB_PARTICLES = wordSet("in up forth");
