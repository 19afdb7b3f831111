// Sends a take: asks for an upload, sends the bytes, and adds the upload as a voice sample.
import { change, putUpload } from "./requests.client.js";

/** Returns the id of the new voice sample. @throws Error with a sentence; then send the take again */
export async function sendTake({ blob, templateId, transcript }) {
  const { upload } = await change("UploadVoice", {
    purpose: "VOICE_SAMPLE",
    sizeBytes: blob.size,
    contentType: contentTypeOf(blob),
  });
  await putUpload(upload, blob);
  const input = { templateId, uploadId: upload.id, transcript };
  const { voiceSample } = await change("AddVoiceSample", input);
  return voiceSample.id;
}

/** A recorder's type names the codec too, and the API expects only the type. */
const contentTypeOf = ({ type }) => type.split(";")[0] || "application/octet-stream";
