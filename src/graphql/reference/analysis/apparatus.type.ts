import { Field, ObjectType } from "type-graphql";
import { ApparatusKind } from "../../../reference/index.js";
import { graphqlEnum } from "../../enum.js";
import { connectionTypes } from "../../relay/connection.type.js";

export const ApparatusKindType = graphqlEnum(
  "ApparatusKind",
  "The kinds of apparatus: the parts of a text that are not the story. New values may be added.",
  {
    LICENCE: [ApparatusKind.Licence, "A licence, or a notice about rights."],
    HEADER: [
      ApparatusKind.Header,
      "The header of a file or of a book, for example its producer and its date.",
    ],
    CONTENTS: [ApparatusKind.Contents, "A table of contents, or a list of illustrations."],
    EDITOR_NOTE: [
      ApparatusKind.EditorNote,
      "A note of an editor or a transcriber, and credits of a producer.",
    ],
    ILLUSTRATION: [ApparatusKind.Illustration, "A mark of an illustration."],
    PAGE_NUMBER: [ApparatusKind.PageNumber, "The number of a page."],
    RUNNING_HEAD: [ApparatusKind.RunningHead, "A title that is repeated on each page."],
    PAGE_BREAK: [ApparatusKind.PageBreak, "The end of a page, inside a sentence or between two."],
    HYPHENATION: [
      ApparatusKind.Hyphenation,
      "The hyphen and the end of a line that cut a word in two.",
    ],
    FOOTNOTE_MARK: [ApparatusKind.FootnoteMark, "A mark in the text that refers to a footnote."],
    FOOTNOTE: [ApparatusKind.Footnote, "A footnote."],
    SCENE_BREAK: [ApparatusKind.SceneBreak, "A line of signs between two scenes."],
    SPEAKER_LABEL: [
      ApparatusKind.SpeakerLabel,
      "The name of the speaker before a line of a play or of a script.",
    ],
    TAG: [ApparatusKind.Tag, "A tag of a markup language, for example HTML."],
    ENTITY: [ApparatusKind.Entity, "A character that is written as an entity, for example &amp;."],
    EMPHASIS: [ApparatusKind.Emphasis, "A sign that marks words, for example in italics."],
    DROP_CAP: [ApparatusKind.DropCap, "A large first letter that is set apart from its word."],
    CHARACTER: [
      ApparatusKind.Character,
      "A character that readers do not see, or that stands for other characters.",
    ],
  },
);

@ObjectType({
  description:
    "A part of a text that is not the story, for example a page number. A reader leaves the part out, or reads something else instead.",
})
export class StoryApparatus {
  @Field(() => ApparatusKindType, { simple: true, description: "The kind of the part." })
  readonly kind!: ApparatusKind;

  @Field(() => String, {
    simple: true,
    description:
      "What is read instead of the part: mostly nothing, for example the letters of a ligature.",
  })
  readonly said!: string;
}

export const { Connection: StoryApparatusConnection } = connectionTypes(
  StoryApparatus,
  "StoryApparatus",
);
