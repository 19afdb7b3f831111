import type { ListOrder } from "../../../platform/database/reading/keyset.js";
import { type Search, isRankable } from "../../../platform/text/search.js";

export const StoryOrder = {
  Relevance: "relevance",
  Recent: "recent",
  Oldest: "oldest",
  Title: "title",
  Popular: "popular",
  Longest: "longest",
  Shortest: "shortest",
} as const;
export type StoryOrder = (typeof StoryOrder)[keyof typeof StoryOrder];

/** The last published first. Also the order of stories that match a search in the same way. */
export const RECENT: ListOrder = {
  sort: "s.published_at",
  type: "timestamptz",
  id: "s.id",
  idType: "integer",
  descending: true,
};

const LENGTH: ListOrder = { ...RECENT, sort: "s.reading_seconds", type: "integer" };

/** The orders of listed stories `s` by one column. */
export const ORDERS: Record<Exclude<StoryOrder, "relevance">, ListOrder> = {
  recent: RECENT,
  oldest: { ...RECENT, descending: false },
  title: { ...RECENT, sort: "s.title_key", type: "text", descending: false },
  popular: { ...RECENT, sort: "s.listeners", type: "integer" },
  longest: LENGTH,
  shortest: { ...LENGTH, descending: false },
};

/** The type of the sort value of a cursor. The value of a ranked list is a rank and a time. */
export const sortTypeOf = (order: StoryOrder): ListOrder["type"] | "ranked" =>
  order === "relevance" ? "ranked" : ORDERS[order].type;

/** Returns the order of a list. Without a search that can rank its matches, the most relevant are the most recent. */
export function orderOf(
  wanted: StoryOrder | null | undefined,
  search: Search | undefined,
): StoryOrder {
  const isRanked = search !== undefined && isRankable(search);
  const order = wanted ?? StoryOrder.Relevance;
  return order === StoryOrder.Relevance && !isRanked ? StoryOrder.Recent : order;
}
