import { ModulationType, type TemplateEntity } from "./template.entity.js";

/** A text that a person reads aloud for a voice sample, in the mood of the template. */
export interface RecordingPrompt {
  readonly text: string;
  /** How long a calm reader needs for the text, in seconds. */
  readonly seconds: number;
}

/** The least speech that a voice is trained from, in seconds, added up over all recordings. */
const LEAST_SECONDS = 8;
/** The neutral voice is the base of all other voices, so it needs more speech. */
const LEAST_NEUTRAL_SECONDS = 30;

/** A calm reader's pace. Audiobooks are read at about this pace. */
const WORDS_PER_SECOND = 2.5;

type Trained = Pick<TemplateEntity, "modulationType" | "modulationKey">;

/** The key of the template that every voice needs first. */
const NEUTRAL = "neutral";
const WHISPER = "whisper";

/**
 * True if a voice can be trained for the template: emotions and whispering. A sound, for example
 * thunder, is not a way to speak.
 */
export const isTrainable = ({ modulationType, modulationKey }: Trained): boolean =>
  modulationType === ModulationType.Emotion || isWhispered({ modulationType, modulationKey });

export const isNeutral = ({ modulationType, modulationKey }: Trained): boolean =>
  modulationType === ModulationType.Emotion && modulationKey === NEUTRAL;

export const isWhispered = ({ modulationType, modulationKey }: Trained): boolean =>
  modulationType === ModulationType.Modulation && modulationKey === WHISPER;

/** Returns how many seconds of speech a voice for the template is trained from, at least. */
export const leastSpeechSeconds = (template: Trained): number =>
  isNeutral(template) ? LEAST_NEUTRAL_SECONDS : LEAST_SECONDS;

/**
 * Returns the prompts of a template. Reading one takes at least `leastSpeechSeconds`, also at a quick
 * pace. Returns none if no voice can be trained for the template.
 */
export function promptsOf(template: Trained): RecordingPrompt[] {
  if (!isTrainable(template)) return [];
  return (PROMPTS[template.modulationKey] ?? ANY_EMOTION).map((text) => ({
    text,
    seconds: Math.round(text.split(/\s+/).length / WORDS_PER_SECOND),
  }));
}

/** For emotions without prompts of their own. The texts suit any emotion, so the reader colours them. */
const ANY_EMOTION: readonly string[] = [
  "I turned the corner, and there was the house again, with the same green door and the same broken step. After all these years I had not expected to feel it so strongly.",
  "Listen to me, please. I have thought about this for days, and I have to say it now, in my own words, before the bell rings and everybody goes home.",
];

const PROMPTS: Readonly<Record<string, readonly string[]>> = {
  [NEUTRAL]: [
    "The ferry leaves the island at ten past six every morning, except on Sundays. It carries the post, a few crates of vegetables, and the children who go to school in the town. The crossing takes about forty minutes. On the way the boat passes two small rocks, where seals lie in the sun when the weather is good. The captain knows each of the passengers by name. He lets the younger children hold the wheel for a moment, and he tells them which way the wind is blowing. When the boat reaches the harbour, somebody throws a rope to the shore, and a man in a yellow jacket ties it to an iron ring.",
    "To make the bread, mix the flour, the salt and the yeast in a large bowl, and add the water slowly. Work the dough on a table for ten minutes, until it is smooth. Then cover the bowl with a cloth and leave it in a warm place for about an hour. When the dough has grown to twice its size, shape it into two long loaves. Put them on a tray, and let them rest while the oven heats. Bake the loaves for half an hour. They are ready when the crust is brown and sounds hollow if you knock on it. Let them cool before you cut them.",
  ],
  joy: [
    "She is here! Look, she is coming up the path, and she has brought the little dog as well! Quick, open the door, put the kettle on, and tell everybody that she is home at last!",
    "We won! I can hardly believe it, we really won! Everyone was singing in the street, and somebody gave me flowers, and I laughed so much that I had to sit down on the pavement.",
  ],
  excitement: [
    "Hurry, hurry, it is about to begin! They are lighting the lanterns, all of them at once, and the big drum is already on the stage! Come on, if we run we can still get to the front!",
    "You will never guess what came in the post today! It is the letter, the real one, with the gold seal! Sit down, no, stand up, oh, just read it, read it aloud right now!",
  ],
  sadness: [
    "I put his cup back on the shelf, where it always stood. The kitchen was very quiet. I kept thinking that he would come in from the garden, and then I remembered again that he would not.",
    "The train grew smaller and smaller, until there was only the smoke. Nobody on the platform said a word. I held her scarf in my hands, and I did not know where I should go now.",
  ],
  anger: [
    "No, that is enough! You promised me, you looked me in the eyes and you promised, and behind my back you sold it all the same! Do not tell me to be calm! Get out of my house!",
    "How dare you speak to her like that! She has worked here longer than any of you, and you let her stand outside in the rain! You will apologise to her now, in front of everyone!",
  ],
  fear: [
    "Did you hear that? There it is again, on the stairs. I locked the door, I am sure that I locked it. Please, do not go out there. Put out the light, and do not make a sound.",
    "Something is moving under the ice. It is right below us, and it is following every step we take. Walk slowly, do not run, and whatever happens, please, do not let go of my hand.",
  ],
  surprise: [
    "What? That cannot be! You are the boy from the lighthouse? But they told us all that you had drowned, twenty years ago, and now you are standing here in my shop and asking for bread!",
    "Wait, where did the garden go? Yesterday there were roses here, and a wall, and now there is a lake! An entire lake, with swans on it! How on earth can anyone build a lake overnight?",
  ],
  disgust: [
    "Ugh, what is that smell? Something has died in this cupboard, I swear it. No, do not touch it, it is green, and it is dripping on the floor. Take it away, I cannot even look at it.",
    "He wiped the knife on his filthy sleeve, licked the plate, and then offered me the rest of his soup. There was a hair in it, and something that moved. I pushed the bowl away from me.",
  ],
  tenderness: [
    "Come here, little one, and let me see your knee. There, it is only a scratch. I will put a plaster on it, and then we will sit by the window together until it stops hurting.",
    "You fell asleep with your book in your hands again, my dear. I took off your glasses and pulled the blanket up, and I stayed for a while, just to listen to you breathing.",
  ],
  calm: [
    "The lake lay still in the evening light. A boat drifted past without a sound, and the last birds settled in the reeds. There was nothing more to do today, and nowhere that we had to be.",
    "Breathe in slowly, and let your shoulders sink. The fire is low, the rain is soft on the roof, and the whole long night belongs to you. Nothing will happen that cannot wait until morning.",
  ],
  suspense: [
    "The handle turned, very slowly. Nobody breathed. A line of light appeared along the edge of the door, and grew wider. Then it stopped. On the other side, something was waiting, as quietly as we were.",
    "There were three envelopes on the table, and only one of them held the key. She reached for the first. She stopped. From far below us, in the cellar, came the sound of a single footstep.",
  ],
  boredom: [
    "And then there was another speech, and after that speech there was one more. The clock had not moved. I counted the tiles on the ceiling again. There were still two hundred and twelve of them.",
    "Yes, I have seen the castle. I have seen the other castle as well. They all have towers, and stairs, and a room with old chairs in it. Can we please just go back to the hotel now?",
  ],
  [WHISPER]: [
    "Come closer, they must not hear us. The guard sleeps until midnight, and the key hangs on the nail behind him. Take off your shoes, follow me along the wall, and do not say a single word.",
    "I will tell you a secret, but you must never repeat it. Under the old pear tree, three steps from the well, there is a box. I buried it myself, the night before the soldiers came.",
  ],
};
