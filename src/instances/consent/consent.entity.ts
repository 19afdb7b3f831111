import { Column, Entity, PrimaryColumn } from "typeorm";

/** Whose voice is recorded. Fabula accepts only the owner's own voice. */
export const VoiceSubject = {
  Self: "self",
  Minor: "minor_with_guardian",
  OtherAdult: "other_adult",
} as const;
export type VoiceSubject = (typeof VoiceSubject)[keyof typeof VoiceSubject];

/** Whether a recording or a trained voice may be used. */
export const ConsentState = {
  /** A recording of the legacy platform. Its owner has not agreed to anything yet. */
  AwaitingConsent: "awaiting_consent",
  /** The owner's consent is live. */
  Usable: "usable",
  /** The consent ended. A new consent makes the row usable again. */
  Suspended: "suspended",
} as const;
export type ConsentState = (typeof ConsentState)[keyof typeof ConsentState];

/** The record of its owner's consent to the use of the owner's voice. A consent ends once. */
@Entity("voice_consents", { schema: "instances" })
export class ConsentEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.consent_ids')" })
  readonly id!: string;
  @Column("text", { name: "statement_version" }) readonly statementVersion!: string;
  /** The sha256 of the statement's text. */
  @Column("text", { name: "text_hash" }) readonly textHash!: string;
  @Column("text") readonly purpose!: string;
  @Column("text") readonly subject!: VoiceSubject;
  @Column("text", { name: "granted_by" }) readonly grantedBy!: string;
  @Column("timestamptz", { name: "granted_at" }) readonly grantedAt!: Date;
  @Column("timestamptz", { name: "expires_at", nullable: true }) readonly expiresAt!: Date | null;
  @Column("timestamptz", { name: "revoked_at", nullable: true }) readonly revokedAt!: Date | null;
  /**
   * False after the consent was revoked or replaced. An expired consent can still be live: call
   * `isInForce`.
   */
  @Column("boolean", { name: "is_live", default: true }) readonly isLive!: boolean;
  @Column("text", { default: "en" }) readonly language!: string;
}

/** True if the consent allows the use of the voice at this moment. */
export const isInForce = (
  { isLive, expiresAt }: Pick<ConsentEntity, "isLive" | "expiresAt">,
  now: Date,
): boolean => isLive && (expiresAt === null || expiresAt > now);
