import type { Database, Viewer } from "../../platform/database/transactions/database.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import { UnavailableError } from "../../platform/errors.js";
import { AnalysisStatus } from "./analysis.entity.js";
import { ANALYSIS_CHANNEL } from "./running/analysers.js";
import { analysisStore } from "./analysis.store.js";

/**
 * Waits until the analysis of a published story's text is ready or failed, and returns which.
 * @throws UnavailableError if this process stops first
 */
export async function untilAnalysed(
  use: { readonly database: Database; readonly notifier: Notifier },
  viewer: Viewer,
  story: { readonly contentHash: string | null; readonly language: string },
): Promise<AnalysisStatus> {
  const text = { contentHash: story.contentHash ?? "", language: story.language };
  const news = use.notifier.listen(ANALYSIS_CHANNEL, text.contentHash);
  try {
    for (;;) {
      const [current] = await use.database.read({ viewer }, (tx) =>
        analysisStore.currentByText(tx, [text]),
      );
      const status = current?.status;
      if (status === AnalysisStatus.Ready || status === AnalysisStatus.Failed) return status;
      const { done } = await news.next();
      if (done)
        throw new UnavailableError(
          "The process stopped before the analysis was finished; try again.",
        );
    }
  } finally {
    await news.return?.();
  }
}
