import { Field, Int, ObjectType } from "type-graphql";
import { UploadEntity, UploadPurpose, UploadStatus } from "../../../instances/index.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { DateTime } from "../../scalars.js";

export const UploadPurposeType = graphqlEnum("UploadPurpose", "What a file is for.", {
  VOICE_SAMPLE: [
    UploadPurpose.VoiceSample,
    "A recording of the viewer's voice. Content types: audio/*, video/webm, video/mp4, application/ogg, application/octet-stream.",
  ],
  STORY_FILE: [
    UploadPurpose.StoryFile,
    "A file for importStory. Content types: text/*, application/xhtml+xml, application/epub+zip, application/vnd.openxmlformats-officedocument.wordprocessingml.document, application/octet-stream.",
  ],
});

export const UploadStatusType = graphqlEnum("UploadStatus", "What has happened to an upload.", {
  AWAITING: [UploadStatus.Awaiting, "The file has not arrived. Send the file to the URL."],
  RECEIVED: [UploadStatus.Received, "The file has arrived and can be used."],
  USED: [UploadStatus.Used, "A mutation has used the file."],
  EXPIRED: [
    UploadStatus.Expired,
    "The file did not arrive in time, or was not used within an hour after the upload expired.",
  ],
});

@ObjectType({ description: "A header of an HTTP request." })
export class HttpHeader {
  @Field(() => String, { simple: true, description: "The name, for example Content-Type." })
  readonly name!: string;

  @Field(() => String, { simple: true, description: "The value." })
  readonly value!: string;
}

@ObjectType({
  implements: Node,
  description:
    "One file that the viewer sends to the server. First create the upload, then send the file to its URL once, then use the upload in a mutation.",
})
export class Upload extends Node {
  @Field(() => UploadPurposeType, { simple: true, description: "What the file is for." })
  readonly purpose!: UploadPurpose;

  @Field(() => Int, {
    simple: true,
    description: "The size of the file in bytes. The file must have exactly this size.",
  })
  readonly sizeBytes!: number;

  @Field(() => String, {
    simple: true,
    description: "The content type of the file, in lower case and without parameters.",
  })
  readonly contentType!: string;

  @Field(() => DateTime, {
    simple: true,
    description: "When the URL expires: fifteen minutes after the upload was created.",
  })
  readonly expiresAt!: Date;
}
isResolvedFrom("Upload", UploadEntity);
