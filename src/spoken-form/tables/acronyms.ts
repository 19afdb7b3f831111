import { listed } from "./words.js";

/** Acronyms that are spelt, but that look like words to a voice. No word that people shout belongs here. */
export const SPELT = listed(`
  AI CEO CIA CIO DIY EEC EEG EMT ESP ETA EU FAQ ID IED IOU IQ IRA IRS MRI OAP RAF ROI SOS SUV UAE UAV UFO UN URL US USAF VIP YMCA YWCA
`);
