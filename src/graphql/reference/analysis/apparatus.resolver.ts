import { Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { StoryApparatusEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { StoryApparatus } from "./apparatus.type.js";

@Resolver(() => StoryApparatus)
export class StoryApparatusResolver {
  @FieldResolver(() => Int, {
    description: "The start of the part in the story's text, in UTF-16 units.",
  })
  start(@Root() { utf16Start }: StoryApparatusEntity): number {
    return utf16Start;
  }

  @FieldResolver(() => Int, {
    description: "The end of the part in the story's text, in UTF-16 units, exclusive.",
  })
  end(@Root() { utf16End }: StoryApparatusEntity): number {
    return utf16End;
  }

  @FieldResolver(() => String, { description: "The part as the text contains it." })
  async text(
    @Root() { analysisId, utf16Start, utf16End }: StoryApparatusEntity,
    @Ctx() { reference: { analyses, stories } }: FabulaContext,
  ): Promise<string> {
    const analysis = await analyses.byId.load(analysisId);
    const text = await stories.text.load(analysis?.contentHash ?? "");
    return text?.content.slice(utf16Start, utf16End) ?? "";
  }
}
