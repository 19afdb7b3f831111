import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from "type-graphql";
import {
  type UploadEntity,
  type UploadPurpose,
  UploadStatus,
  maxUploadBytes,
  uploadStatus,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, mutation } from "../../mutation.js";
import { toGlobalId } from "../../relay/global-id.js";
import { HttpHeader, Upload, UploadPurposeType, UploadStatusType } from "./upload.type.js";

@InputType({ description: "A file that the viewer will send." })
class CreateUploadInput {
  @Field(() => UploadPurposeType, { description: "What the file is for." })
  readonly purpose!: UploadPurpose;

  @Field(() => Int, { description: "The exact size of the file in bytes." })
  readonly sizeBytes!: number;

  @Field(() => String, {
    description: "The content type of the file, for example audio/webm. Parameters are ignored.",
  })
  readonly contentType!: string;
}

@ObjectType({ description: "The result of createUpload." })
class CreateUploadPayload extends MutationPayload {
  @Field(() => Upload, {
    simple: true,
    nullable: true,
    description: "The upload; null if the mutation failed.",
  })
  readonly upload!: object | null;
}

@Resolver(() => Upload)
export class UploadResolver {
  @FieldResolver(() => ID, {
    description: "The upload's id. Send the id to `node` to read the upload again.",
  })
  id(@Root() { id }: UploadEntity): string {
    return toGlobalId("Upload", id);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The signed URL that takes the file, once. Everyone with the URL can send the file. HTTP status 204 means that the file was stored, and 409 that it had arrived before. After any other answer, nothing was stored: send the file again, until the URL expires. null unless the uploadStatus is AWAITING.",
  })
  async url(
    @Root() upload: UploadEntity,
    @Ctx() { users, services }: FabulaContext,
  ): Promise<string | null> {
    const { userId, id: uploadId, expiresAt } = upload;
    if (uploadStatus(upload, services.clock.now()) !== UploadStatus.Awaiting) return null;
    const owner = await users.byId.load(userId);
    return owner && services.uploadLinks.sign({ ownerName: owner.publicId, uploadId, expiresAt });
  }

  @FieldResolver(() => String, { description: "The HTTP method that sends the file: PUT." })
  method(): string {
    return "PUT";
  }

  @FieldResolver(() => [HttpHeader], {
    description: "The headers that the request with the file must have. No token is needed.",
  })
  headers(@Root() { contentType }: UploadEntity): HttpHeader[] {
    return [{ name: "Content-Type", value: contentType }];
  }

  @FieldResolver(() => Int, {
    description: "The largest size of a file of this purpose, in bytes.",
  })
  maxBytes(@Root() { purpose }: UploadEntity): number {
    return maxUploadBytes(purpose);
  }

  @FieldResolver(() => UploadStatusType, { description: "What has happened to the upload." })
  uploadStatus(@Root() upload: UploadEntity, @Ctx() { services }: FabulaContext): UploadStatus {
    return uploadStatus(upload, services.clock.now());
  }
}

@Resolver()
export class UploadMutationResolver {
  @Mutation(() => CreateUploadPayload, {
    nullable: true,
    description:
      "Declares a file and returns the URL that takes the file. The declared bytes count against the viewer's daily quota, also if the file is never sent. At most 20 uploads may wait for their files.",
  })
  createUpload(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CreateUploadInput, { description: "The file." }) input: CreateUploadInput,
  ): Promise<object> {
    return mutation(context, async (owner) => ({
      upload: await context.services.uploads.create(owner, input),
    }));
  }
}
