import { listed } from "./words.js";

/** Acronyms that are spelt, but that look like words to a voice. No word that people shout belongs here. */
export const SPELT = listed(`
  AI CEO CIA CIO DIY EEC EEG EMT ETA EU FAQ IED IOU IQ IRA IRS OAP RAF ROI SOS UAE UAV UFO UN URL US USAF VIP
`);
