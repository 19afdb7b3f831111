import { createClient, everything } from "./generated/index.js";

// A client app with genql: queries are objects.
const client = createClient({ url: "http://localhost:4000/graphql" });

/** Returns the characters of the latest story. */
export async function castOfLatest(): Promise<string[]> {
  const { stories } = await client.query({
    stories: {
      __args: { first: 1, orderBy: "RECENT" },
      edges: {
        node: { id: true, title: true, analysis: { characters: { name: true, gender: true } } },
      },
    },
  });
  return stories.edges.flatMap(
    ({ node }) => node.analysis?.characters.map(({ name, gender }) => `${name} ${gender}`) ?? [],
  );
}

/** Removes a narration and returns its id. */
export async function remove(id: string, version: number): Promise<string | null> {
  const { deleteNarration } = await client.mutation({
    deleteNarration: {
      __args: { input: { id, version } },
      deletedId: true,
      userErrors: { ...everything },
    },
  });
  return deleteNarration?.deletedId ?? null;
}
