import { listed } from "./words.js";

/** Words with a double letter that people stretch: `Goood` has two letters `o`, `Looong` one. */
export const DOUBLED = listed(`
  across agree all anna annie aroo awoo ball barry bee been beep beer bell belly betty bill billy bleep bless blood
  bloody bobby boo boohoo book boom boot boss bottom brass bully bunny buzz call cannot carry cheer cheese choo
  class coffee confess cool creep creepy cross cuckoo daddy danny deep different dizzy dolly door dress drool eddie
  eek eel eep eerie egg eggs ellen emma fall feed feel feet ferry fill fizz flee fluff folly fool foolish foot free
  freeze funny fuzz gee geez giddy glass glee gloom goddess good goodbye goodness goose granny grass green greetings
  gross guess halloo hannah happy harry hee heel hell hello hill hiss holly hoo hood hoorah hooray hoot hurrah
  hurray hurry jazz jeez jelly jenny jerry jess jill jimmy johnny jolly keep kill kiss kitty knee larry less little
  look loop loose loss maggie mammy marry mass matter meet mess million miss molly mommy moo mood moon mummy nanny
  need noo noon odd off ooh oops pass peek peep peggy pell penny pepper phooey pizza polly pool poor press pretty
  puff pull puppy queen really roof room root rubber sadder sally scoot screech see seed seek seem seen sell settle
  shall sheep sheesh shoot sill silly skill sleep sleepy small smell smooth soon sorry speech speed spell spooky
  spoon squee steel still stood street stress stuff success sunny supper sweet sweetie teeny teeth tell terry three
  till tommy tomorrow too took tooth tree troop tweet unless vroom wee week weeny weep well whee wheel whoosh will
  woo wood woof woohoo wool worry yahoo yee yeehaw yell yellow yippee yoo yummy zoo zoom
`);
