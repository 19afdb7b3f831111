/**
 * The public interface of the user instances. Other areas import only this file. Every row has exactly
 * one owner. Every call takes the owner first.
 */
import type { Reader } from "../platform/database/reading/loaders.js";
import { ConsentEntity } from "./consent/consent.entity.js";
import { consentLoaders } from "./consent/consent.loaders.js";
import { EmotionVoiceEntity } from "./emotion-voice/emotion-voice.entity.js";
import { emotionVoiceLoaders } from "./emotion-voice/emotion-voice.loaders.js";
import { IdempotencyKeyEntity } from "./idempotency/idempotency-key.entity.js";
import { legacySoundLoaders } from "./legacy-sound/legacy-sound.loaders.js";
import { listeningLoaders } from "./listening/listening.loaders.js";
import { ListeningPositionEntity } from "./listening/listening-position.entity.js";
import { LegacySoundEntity } from "./legacy-sound/legacy-sound.entity.js";
import { NarrationEntity, NarrationSegmentEntity } from "./narration/narration.entity.js";
export type { NarrationAt } from "./narration/narration-lock.js";
import { narrationLoaders } from "./narration/narration.loaders.js";
import type { Owner } from "./owner.js";
import { PersonalVoiceEntity } from "./personal-voice/personal-voice.entity.js";
import { UploadEntity } from "./upload/upload.entity.js";
import { uploadLoaders } from "./upload/upload.loaders.js";
import { RenderEntity, UserRenditionEntity } from "./rendering/rendering.entity.js";
import { renderingLoaders } from "./rendering/rendering.loaders.js";
import { VoiceSampleEntity } from "./voice-sample/voice-sample.entity.js";
import { voiceSampleLoaders } from "./voice-sample/voice-sample.loaders.js";

export const instanceEntities = [
  NarrationEntity,
  NarrationSegmentEntity,
  LegacySoundEntity,
  ListeningPositionEntity,
  ConsentEntity,
  VoiceSampleEntity,
  PersonalVoiceEntity,
  EmotionVoiceEntity,
  UploadEntity,
  RenderEntity,
  UserRenditionEntity,
  IdempotencyKeyEntity,
];

/**
 * The loaders of one owner's rows, for one request. A request without a token has no owner, so it has no
 * such loaders.
 */
export const instanceLoaders = (read: Reader, owner: Owner) => ({
  narrations: narrationLoaders(read, owner),
  consent: consentLoaders(read, owner),
  voiceSamples: voiceSampleLoaders(read, owner),
  emotionVoices: emotionVoiceLoaders(read, owner),
  renders: renderingLoaders(read, owner),
  uploads: uploadLoaders(read, owner),
  legacySounds: legacySoundLoaders(read, owner),
  listening: listeningLoaders(read, owner),
});
export type InstanceLoaders = ReturnType<typeof instanceLoaders>;

export { type Owner, ownerOf, ownerTopic } from "./owner.js";
export {
  EmotionVoiceKind,
  NO_EMOTION_VOICE,
  TrainingStatus,
} from "./emotion-voice/emotion-voice.entity.js";
export {
  StoryDeletionOutcome,
  StoryDeletionService,
} from "./story-deletion/story-deletion.service.js";
export { StoryImportService } from "./story-import/story-import.service.js";
export { EmotionTraining } from "./emotion-voice/training/emotion-training.js";
export { EmotionVoiceService } from "./emotion-voice/emotion-voice.service.js";
export { VoiceAdoption } from "./emotion-voice/voice-adoption.js";
export { consentedVoices } from "./emotion-voice/consented-voices.js";
export { LostTrainings } from "./emotion-voice/training/lost-trainings.js";
export {
  TRAINING_JOB,
  queueTrainings,
  trainingJob,
} from "./emotion-voice/training/train-voice.job.js";
export { missingSpeechOf } from "./emotion-voice/missing-speech.js";
export { etaSecondsOf } from "./emotion-voice/training/training-eta.js";
export { untilTrained } from "./emotion-voice/training/until-trained.js";
export type { EnqueueCleanup } from "./vendor-voice/vendor-clones.js";
export { EMOTION_VOICE_CHANNEL } from "./emotion-voice/training/voice-order.js";
export { readIdempotentRequest } from "./idempotency/run-idempotently.js";
export type { CastMember } from "./narration/voices/cast.js";
export {
  NO_NARRATION,
  type NarrationDetails,
  NarrationStatus,
  NarrationVisibility,
  isUnderWay,
} from "./narration/narration.entity.js";
export {
  type LegacySound,
  LegacySounds,
  extensionOf,
  hasFormat,
} from "./legacy-sound/legacy-sounds.js";
export type { Resumption } from "./listening/listening.loaders.js";
export { ListeningService } from "./listening/listening.service.js";
export type { HeardSegment } from "./listening/narration-place.store.js";
export { ListeningPosition } from "./listening/saved-place.js";
export { MediaAccess } from "./media-access.js";
export {
  PREVIEW_GRANT,
  mediaGrantOf,
  personalPreviewGrantOf,
  sampleGrantOf,
} from "./media-grants.js";
export type { CastChoice, NarrationInput, SegmentEdit } from "./narration/narration-input.js";
export { type ReplacedVoice, VoicePlace } from "./narration/forking/lineage.js";
export type { ForkSource } from "./narration/forking/fork-source.js";
export { ForkingService } from "./narration/forking/forking.service.js";
export { NarrationService } from "./narration/narration.service.js";
export {
  type NarrationFailure,
  type NarrationView,
  type WholeNarration,
  FailureCode,
  failureOf,
  isOutdated,
  isOwn,
  readTitle,
  timedChapters,
  titleOf,
} from "./narration/narration-view.js";
export { RebasingService } from "./narration/rebasing/rebasing.service.js";
export { type UnplacedEdit, UnplacedReason } from "./narration/rebasing/unplaced-edit.js";
export type { ListedNarration } from "./narration/narration.store.js";
export { PublishedNarration } from "./narration/published-narration.js";
export { storedVoiceName, voiceOfLine } from "./narration/voices/line-voice.js";
export { PersonalNarrations } from "./narration/personal-narrations.js";
export { PublishingService, shareTokenHashOf } from "./narration/publishing/publishing.service.js";
export { ScriptShaping } from "./narration/script/script-shaping.js";
export type { SegmentDraft } from "./narration/script/new-segments.js";
export { ScriptWriter } from "./narration/script/script-writer.js";
export type { DeliveryChange } from "../audio/delivery/resolved-prosody.js";
export type { VoiceModifications } from "./narration/voices/voice-modifications.js";
export type {
  EncodeInput,
  EncodedSound,
  JoinSteps,
  PlanInput,
  PlannedSound,
} from "./rendering/join/join-steps.js";
export { LostRenders } from "./rendering/run/lost-renders.js";
export { RENDER_JOB, renderJob, renderTurn } from "./rendering/run/render.job.js";
export { RenderRun } from "./rendering/run/render-run.js";
export { OWNER_RENDER_CHANNEL, RENDER_CHANNEL } from "./rendering/render-order.js";
export type { RenderQuotas } from "./rendering/render-quotas.js";
export { RenderingService } from "./rendering/rendering.service.js";
export type { RenderProgress } from "./rendering/render.store.js";
export type { RenderEstimate } from "./rendering/plan/estimates.js";
export type { RenderingDependencies } from "./rendering/rendering.service.js";
export {
  type ComparedLine,
  type NarratedSegment,
  SegmentSounds,
} from "./rendering/segment-sounds.js";
export { countRender } from "./rendering/render-progress.js";
export { ErasedSweeps } from "./rendering/sounds/erased-sweeps.js";
export { SoundSweep } from "./rendering/sounds/sound-sweep.js";
export type { SweepSoon } from "./sweep-soon.js";
export { SOUND_SWEEP_JOB, queueSweeps, soundSweepJob } from "./rendering/sounds/sound-sweep.job.js";
export { VoicePreviews } from "./rendering/preview/voice-previews.js";
export { SpeechDirectory } from "./rendering/speech-directory.js";
export type { StorageSettings } from "./rendering/join/storage-settings.js";
export { untilRendered } from "./rendering/run/until-rendered.js";
export { ThreadedJoiner } from "./rendering/join/threaded-joiner.js";
export {
  type ConsentEntity,
  ConsentState,
  VoiceSubject,
  isInForce,
} from "./consent/consent.entity.js";
export { AfterRevoking, ConsentService, type Revocation } from "./consent/consent.service.js";
export {
  type PersonalVoice,
  isPersonalVoiceId,
  kindOfVoiceId,
} from "./personal-voice/personal-voice.js";
export { personalVoiceStore } from "./personal-voice/personal-voice.store.js";
export { emotionVoiceStore } from "./emotion-voice/emotion-voice.store.js";
export { OwnedBlobs } from "./blobs/owned-blobs.js";
export { UploadPurpose, UploadStatus, uploadStatus } from "./upload/upload.entity.js";
export { MOST_UPLOAD_BYTES, isContentType, maxUploadBytes } from "./upload/upload-rules.js";
export { uploadStore } from "./upload/upload.store.js";
export { UploadService } from "./upload/upload.service.js";
export { consentedSamples } from "./voice-sample/consented-samples.js";
export { LostSamples } from "./voice-sample/lost-samples.js";
export { SAMPLE_JOB, queueSamples, sampleJob } from "./voice-sample/process-sample.job.js";
export { RecordingIssueCode } from "./voice-sample/recording-quality.js";
export { isSampleAudible } from "./voice-sample/sample-audio.js";
export { SAMPLE_CHANNEL } from "./voice-sample/sample-order.js";
export { SampleProcessing } from "./voice-sample/sample-processing.js";
export { type SampleQuality, readQuality } from "./voice-sample/sample-quality.js";
export { type SpeechForTraining, speechForTraining } from "./voice-sample/speech-for-training.js";
export { untilProcessed } from "./voice-sample/until-processed.js";
export { NO_SAMPLE, SampleStatus } from "./voice-sample/voice-sample.entity.js";
export {
  VENDOR_SWEEP_JOB,
  queueVendorSweep,
  vendorSweepJob,
} from "./vendor-voice/sweep-vendor-voices.job.js";
export {
  VENDOR_VOICE_JOB,
  queueLaterCleanup,
  queueVendorCleanup,
  vendorVoiceJob,
} from "./vendor-voice/delete-vendor-voice.job.js";
export { VendorVoiceCleanup } from "./vendor-voice/vendor-voice-cleanup.js";
export { VendorVoiceSweep } from "./vendor-voice/vendor-voice-sweep.js";
export { VoiceSampleService } from "./voice-sample/voice-sample.service.js";
export { CONSENT_STATEMENT } from "./consent/consent-statement.js";
export {
  EmotionVoiceEntity,
  NarrationEntity,
  NarrationSegmentEntity,
  UploadEntity,
  VoiceSampleEntity,
};
