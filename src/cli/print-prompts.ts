import { print, say } from "../platform/process/process.js";
import { type TemplateEntity, leastSpeechSeconds, promptsOf } from "../reference/index.js";

/** Prints the texts that a person may read aloud for these templates, and how to send the recording. */
export function printPrompts(templates: readonly TemplateEntity[]): void {
  for (const template of templates) {
    const { modulationKey: key } = template;
    for (const { text, seconds } of promptsOf(template)) {
      say(`\n${key}, about ${seconds} s:`);
      print(text);
    }
    say(
      `\nA voice for ${key} needs ${leastSpeechSeconds(template)} s of speech. Record one or more of these texts, write the words of ${key}.wav in ${key}.txt, then run: npm run voice -- --sample ${key}=${key}.wav`,
    );
  }
}
