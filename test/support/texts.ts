/** A short text with dialogue and emotions. Its analysis takes only milliseconds. */
export const BRIDGE = `On the bridge Marta set her lamp on the wall and waited for the boat.

“You are late,” shouted Marta angrily.

“The river is high,” whispered Tobias, and he trembled with fear. “I thought I would drown.”

Marta laughed. “You are safe now,” she said happily. “Come and eat.”

Thunder rumbled over the hills. They ran to the house together.`;

export const ORCHARD = `The orchard belonged to two brothers, Emil and Jonas, who had not spoken for a year.

“The pears are ripe,” Emil said at last.

“I have eyes,” Jonas answered coldly.

Their mother banged her stick on the gate. “Pick them, both of you!” cried Agnes. “I am ashamed of you.”

Jonas wept quietly. “I missed you,” he murmured.

“And I you,” said Emil.`;

/** Returns a unique text for a test: it contains `name`. */
export const textNamed = (name: string): string =>
  `The keeper of ${name} rang the bell.\n\n“Who is there?” asked Lena softly.\n\n“Only the wind,” said Otto.`;

/** Returns a text with `quotes` quotes. Two speakers alternate. */
export const longText = (quotes: number): string =>
  Array.from({ length: quotes }, (_, index) =>
    index % 2 === 0
      ? `“I counted ${index} steps to the tower,” said Lena.`
      : `“It was ${index}, no more,” answered Otto angrily.`,
  ).join("\n\n");
