import type { TestApp } from "../../support/app.js";

interface Row {
  readonly id: string;
  readonly state: string;
  readonly consent: string | null;
}

/** Reads what Ada agreed to, her recordings and her voices, the oldest first. */
export const consentRows = ({ superuser }: Pick<TestApp, "superuser">) => {
  const rowsOf = (table: string) =>
    superuser<Row>(
      `SELECT id, state, consent_id AS consent FROM instances.${table} WHERE user_id = 'ada' ORDER BY id`,
    );
  return {
    samples: () => rowsOf("user_voice_samples"),
    voices: () => rowsOf("user_emotion_voices"),
    consents: () =>
      superuser<{ isLive: boolean; revoked: boolean }>(
        `SELECT is_live AS "isLive", revoked_at IS NOT NULL AS revoked FROM instances.voice_consents ORDER BY id`,
      ),
  };
};
