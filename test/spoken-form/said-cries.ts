/** Cries, sounds and stammering, and how they are said. To add a case, add a line. See said.ts. */
export const SAID_CRIES: readonly (readonly [written: string, said: string])[] = [
  ["Mm-hmm. Hmph! Tsk-tsk.", "Mm hmm. Humph! Tsk tsk."],
  ["Sooo looong, helllp me, pleeease.", "So long, help me, please."],
  ["W-w-what? B-but I-I can't.", "Wuh-wuh-what? Buh-but I-I can't."],
  ["Aaargh! Ughhh! Yeahhh!", "Argh! Ugh! Yeah!"],
  ["Brrr, grrr, psst, shhh.", "Brr, grr, psst, shush."],
  ["Ooooh, aaaah, whoooa, heyyy.", "Ooh, ah, whoa, hey."],
  ["Yesss, nooo, byeee, hellooo!", "Yes, no, bye, hello!"],
  ["Goood, seee, feeel, boooom, freeee!", "Good, see, feel, boom, free!"],
  ["Crrrash! Zzzip! Stoppp! Killl!", "Crash! Zip! Stop! Kill!"],
  ["Reeeally? Whaaat? Pleeeease.", "Really? What? Please."],
  ["Hahaha, hehe, ha-ha-haaa.", "Hahaha, heh heh, ha-ha-hah."],
  [
    "S-stop, c-c-can't, th-that, wh-where, g-get.",
    "Suh-stop, kuh-kuh-can't, thuh-that, wuh-where, guh-get.",
  ],
  ["I-it is m-m-mine, y-yes.", "Ih-it is muh-muh-mine, yuh-yes."],
  ['"Wh--what? N—no!"', "Wuh, what? Nuh, no!"],
  ["Grr-rr, nooo-o-o, sh-h-h!", "Grr, no, shush!"],
  ["Woo-hooo! Ho-ho-hooo! Yeee-haw!", "Woo-hoo! Ho-ho-ho! Yee-haw!"],
  ["Sto-o-op! Har-r-d. N-n-no-o-o.", "Stop! Hard. Nuh-nuh-no."],
];
