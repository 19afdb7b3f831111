import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import {
  type Keyset,
  type Page,
  type PageRequest,
  pageWithNodes,
  pageWithPlaces,
} from "../../../platform/database/reading/keyset.js";
import { filteredLanguage, primaryLanguage } from "../../../platform/text/language-tag.js";
import { matcherOf, parseSearch } from "../../../platform/text/search.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { ConnectionArgs, toConnection } from "../../relay/pagination.js";
import { User, type UserSource } from "../../reference/user/user.type.js";
import { toCatalogueVoice } from "../../reference/voice/voice.mapper.js";
import { Voice, VoiceConnection, VoiceFilter } from "../../reference/voice/voice.type.js";
import { toPersonalVoice } from "./voice.mapper.js";

/** Lists the voices of the catalogue together with the viewer's own. */
@Resolver(() => Voice)
export class VoicesResolver {
  @Query(() => VoiceConnection, {
    description:
      "All voices that a narration of the viewer can use: the catalogue, grouped by speech provider with the preferred voices first, then the viewer's personal voices, oldest first. Others never see a personal voice.",
  })
  async voices(
    @Ctx() context: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Arg("filter", () => VoiceFilter, {
      nullable: true,
      description: "Only voices that match this filter.",
    })
    filter: VoiceFilter | null = null,
  ): Promise<object> {
    const isWanted = matches(filter ?? {});
    const list: BoundList = {
      name: "Query.voices",
      place: { sort: "text", id: "text" },
      filter: { filter },
    };
    const voices = [
      ...context.services.voices.voices.map(toCatalogueVoice).map(inCatalogue),
      ...(await personalVoices(context)),
    ].filter(({ node }) => isWanted(node));
    return toConnection(list, args, listingOf(voices));
  }
}

@Resolver(() => User)
export class UserVoicesResolver {
  @FieldResolver(() => VoiceConnection, {
    nullable: true,
    description:
      "The user's personal voices, oldest first, also those that cannot speak yet; null if the user is not the viewer.",
  })
  async voices(
    @Root() { id }: UserSource,
    @Ctx() context: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<object | null> {
    if (id !== context.owner?.userId) return null;
    const list: BoundList = {
      name: "User.voices",
      place: { sort: "text", id: "text" },
      filter: {},
    };
    return toConnection(list, args, listingOf(await personalVoices(context)));
  }
}

const listingOf = (voices: readonly PlacedVoice[]) => ({
  load: async (page: PageRequest) => pageOfVoices(voices, page),
  count: async () => voices.length,
});

function matches(filter: VoiceFilter): (voice: Voice) => boolean {
  const { gender, ageGroup, kind } = filter;
  const provider = filter.provider?.toLowerCase();
  const language = filter.language
    ? filteredLanguage(filter.language, ["filter", "language"])
    : undefined;
  const search = parseSearch(filter.search, ["filter", "search"]);
  const isFound = search ? matcherOf(search) : () => true;
  return (voice) =>
    includes(gender, voice.gender) &&
    includes(ageGroup, voice.ageGroup) &&
    includes(kind, voice.kind) &&
    (!provider || voice.provider.toLowerCase() === provider) &&
    (!language || voice.languages.some((tag) => primaryLanguage(tag) === language)) &&
    isFound(`${voice.displayName} ${voice.provider}`);
}

const includes = <T>(wanted: readonly T[] | null | undefined, value: T | null): boolean =>
  !wanted?.length || (value !== null && wanted.includes(value));

/** A voice, and its place in the list of all voices. */
interface PlacedVoice {
  readonly node: Voice;
  readonly sort: string;
}

const INDEX_DIGITS = 6;
const ID_DIGITS = 19;
/** A place that begins with a letter comes after all places that begin with a digit. */
const PERSONAL = "p";

const inCatalogue = (node: Voice, index: number): PlacedVoice => ({
  node,
  sort: String(index).padStart(INDEX_DIGITS, "0"),
});

const personalVoices = async (context: FabulaContext): Promise<PlacedVoice[]> =>
  (await context.ownVoices()).map((voice) => ({
    node: toPersonalVoice(context, voice),
    sort: `${PERSONAL}${voice.rowId.padStart(ID_DIGITS, "0")}`,
  }));

/** Returns a page of voices, in the order of the list. */
function pageOfVoices(voices: readonly PlacedVoice[], request: PageRequest): Page<Voice> {
  const { limit, after, before, fromEnd = false } = request;
  const start = after ? countBefore(voices, after) + countAt(voices, after) : 0;
  const end = before ? countBefore(voices, before) : voices.length;
  const between = voices.slice(start, end);
  const rows = (fromEnd ? between.reverse() : between).slice(0, limit + 1);
  const page = pageWithPlaces(rows, request, ({ node, sort }) => ({ sort, id: node.voiceId }));
  const nodes = page.nodes.map(({ node }) => node);
  return pageWithNodes(page, nodes);
}

/**
 * Returns how many voices come before the voice of a cursor. A provider may have added or removed voices
 * meanwhile. If the voice of the cursor is gone, its place in the list counts.
 */
function countBefore(voices: readonly PlacedVoice[], { sort, id }: Keyset): number {
  const found = voices.findIndex(({ node }) => node.voiceId === id);
  return found >= 0 ? found : voices.filter((voice) => voice.sort < sort).length;
}

/** Returns how many voices have the place of a cursor: 1, or 0 if no voice has it. */
const countAt = (voices: readonly PlacedVoice[], { sort, id }: Keyset): number =>
  voices.some((voice) => voice.node.voiceId === id || voice.sort === sort) ? 1 : 0;
