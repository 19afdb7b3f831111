import { listed } from "./words.js";

/** Words with a double letter that people stretch: `Goood` has two letters `o`, `Looong` one. */
export const DOUBLED = listed(`
  agree all aroo awoo ball bee been beep beer bell bleep bless bloody blood boo boohoo book boom boot boss bottom buzz call cannot carry cheer
  choo coffee cool creep cuckoo daddy deep different door dress drool eek eel eep eerie egg eggs fall feed feel feet
  ferry fill flee fluff fool foot free freeze fuzz geez gee giddy glee gloom goddess good goodbye goodness goose grass
  green greetings halloo happy harry heel hee hell hello hill hiss hood hooray hoot hoorah hurrah hurray hurry idiotic jeez
  jimmy jolly keep kill kiss knee little look loop loose mammy marry mass matter meet mess million miss mommy mood
  moo moon mummy need noon noo odd off ooh oops pass peek peep pell pepper phooey pizza pool poor press pretty pull
  puff queen really roof room root rubber sadder scoot screech see seed seek seem seen sell settle shall sheep shoot
  sill silly skill sleep small smell smooth soon sorry speech speed spell spoon spooky squee steel still stood
  street stress stuff supper sweet teeth tell three till tomorrow tommy too took tooth tree troop tweet
  unless vroom wee week weep well wheel whee whoosh will woo wood wool woof woohoo worry yahoo yeehaw yell yellow
  yippee yoo yummy zoo zoom
`);
