import type { App } from "../app.js";
import { StartupError } from "../platform/errors.js";
import {
  ModulationType,
  type TemplateEntity,
  emotionKeyOf,
  isTrainable,
  nearestEmotion,
  referenceLoaders,
} from "../reference/index.js";

/**
 * Returns the templates with these keys, in the same order. Keys are such as "joy".
 * @throws StartupError if no voice can be trained for a key
 */
export async function findTemplates(
  { services }: App,
  keys: readonly string[],
): Promise<TemplateEntity[]> {
  if (keys.length === 0) return [];
  const { templates } = referenceLoaders((work) => services.database.read({ viewer: null }, work));
  const types = [ModulationType.Emotion, ModulationType.Modulation];
  const { nodes } = await templates.page({ types, page: { limit: 1_000 } });
  const trainable = nodes.filter(isTrainable);
  return keys.map((key) => {
    const found = trainable.find(({ modulationKey }) => modulationKey === emotionKeyOf(key));
    if (found) return found;
    const choices = trainable.map(({ modulationKey }) => modulationKey);
    const nearest = nearestEmotion(emotionKeyOf(key), choices);
    const guess = nearest === null ? "" : ` Did you mean ${nearest}?`;
    throw new StartupError(
      `No voice can be trained for "${key}".${guess} Choose one of ${choices.join(", ")}.`,
    );
  });
}
