/** One attempt to render a narration. This is the payload of the render job. */
export interface RenderOrder {
  readonly userId: string;
  readonly narrationId: string;
  readonly attempt: number;
}

/** The NOTIFY channel of renders and of scripts that arrive. The payload is the narration's id. */
export const RENDER_CHANNEL = "narration_render";
/** The NOTIFY channel of all renders of one owner. The payload is the result of `ownerTopic`. */
export const OWNER_RENDER_CHANNEL = "owner_renders";
