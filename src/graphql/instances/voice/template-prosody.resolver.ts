import { FieldResolver, Resolver, Root } from "type-graphql";
import { type TemplateEntity, deliveryOfTemplate } from "../../../reference/index.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { ResolvedProsody } from "../narration/voice-modifications.type.js";

/** Adds to the templates how a voice delivers them. */
@Resolver(() => VoiceModulationTemplate)
export class TemplateProsodyResolver {
  @FieldResolver(() => ResolvedProsody, {
    nullable: true,
    description:
      "How a voice of the catalogue delivers the template at intensity 1, in numbers. A voice of the viewer's own can differ: viewerVoice. null for sounds, and for emotions of the earlier platform that only personal voices express.",
  })
  prosody(@Root() template: TemplateEntity): ResolvedProsody | null {
    return deliveryOfTemplate(template);
  }
}
