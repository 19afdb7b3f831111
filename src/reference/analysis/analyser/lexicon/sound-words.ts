import { wordList } from "./word-list.js";

function byKey(entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(entries).flatMap(([key, words]) =>
      wordList(words).map((word): [string, string] => [word, key]),
    ),
  );
}

/**
 * Verbs of sound emission, after Levin (1993), class 43.2, in the forms that narration uses. The
 * key of each list is the sound that a listener hears.
 */
export const SOUND_VERBS = byKey({
  bang: "banged banging slammed slamming thumped thumping thudded thudding",
  bark: "barked barking yapped yapping bayed",
  bell: "chimed chiming tolled tolling pealed pealing jingled jingling tinkled tinkling clanged clanging dinged",
  blare: "blared blaring honked honking hooted hooting tooted trumpeted",
  boom: "boomed booming",
  buzz: "buzzed buzzing hummed humming droned droning whirred whirring",
  chirp: "chirped chirping twittered twittering cheeped tweeted chirruped warbled",
  clap: "clapped clapping applauded applauding",
  clatter:
    "clattered clattering rattled rattling clanked clanking jangled jangling clinked clinking",
  click: "clicked clicking clacked ticked ticking",
  crackle: "crackled crackling sizzled sizzling popped popping",
  crash: "crashed crashing smashed smashing shattered shattering",
  creak: "creaked creaking squeaked squeaking groaned-open",
  croak: "croaked croaking",
  crow: "crowed crowing clucked clucking cackled cackling quacked quacking",
  crunch: "crunched crunching",
  gurgle: "gurgled gurgling bubbled bubbling",
  hiss: "hissed hissing fizzed fizzing",
  howl: "howled howling wailed wailing",
  knock: "knocked knocking rapped rapping tapped tapping hammered hammering",
  meow: "mewed mewing meowed purred purring",
  moo: "mooed lowed bleated bleating bellowed",
  neigh: "neighed neighing whinnied whinnying snorted snorting",
  ring: "rang ringing",
  roar: "roared roaring",
  rumble: "rumbled rumbling",
  rustle: "rustled rustling swished swishing swooshed",
  snore: "snored snoring",
  splash: "splashed splashing sloshed plopped",
  thunder: "thundered thundering",
  whistle: "whistled whistling piped",
});

export const SOUND_NOUNS = byKey({
  applause: "applause",
  bang: "bang thump thud slam",
  bark: "bark barks",
  bell: "chime chimes tolling knell jingle tinkle",
  boom: "boom",
  buzz: "buzz hum drone whirr whir",
  clatter: "clatter rattle clank jangle clink",
  click: "click clack",
  crackle: "crackle sizzle",
  crash: "crash smash",
  creak: "creak squeak",
  croak: "croak",
  explosion: "explosion gunshot gunfire",
  footsteps: "footstep footsteps footfall footfalls",
  gurgle: "gurgle",
  hiss: "hiss",
  hoofbeats: "hoofbeats hoofs hooves",
  howl: "howl howls",
  knock: "knock knocks",
  roar: "roar",
  rumble: "rumble",
  rustle: "rustle",
  snore: "snore snores",
  splash: "splash plop",
  thunder: "thunder thunderclap",
  whistle: "whistle",
});
