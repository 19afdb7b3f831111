import "reflect-metadata";
import { execute, parse } from "graphql";
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  buildSchemaSync,
} from "type-graphql";
import { callMethodsDirectly } from "../../../src/graphql/schema/direct-resolvers.js";
import { needsNoInfo } from "../../../src/graphql/execution/completing/resolve-info.js";

@ArgsType()
class SizeArgs {
  @Field(() => Int, { nullable: true })
  readonly first?: number | null;

  @Field(() => Int, { defaultValue: 7 })
  readonly limit!: number;

  isDoubled(): boolean {
    return this.limit === 2 * (this.first ?? 0);
  }
}

@InputType()
class Wish {
  @Field(() => String)
  readonly text!: string;

  @Field(() => [Wish], { nullable: true })
  readonly parts?: readonly Wish[] | null;

  says(): string {
    return [this.text, ...(this.parts ?? []).map((part) => part.says())].join("+");
  }
}

@ArgsType()
class WishArgs {
  @Field(() => Wish, { nullable: true })
  readonly filter?: Wish | null;
}

@ObjectType()
class Tool {
  @Field(() => String, { simple: true })
  readonly name!: string;
}

const told = (...parts: unknown[]): string =>
  JSON.stringify(parts.map((part) => (part === undefined ? "undefined" : part)));

interface Told {
  readonly teller: string;
}

@Resolver(() => Tool)
class ToolResolver {
  @Query(() => Tool)
  tool(): Tool {
    return { name: "saw" };
  }

  @FieldResolver(() => String)
  nothing(): string {
    return told();
  }

  @FieldResolver(() => String)
  root(@Root() tool: Tool): string {
    return told(tool);
  }

  @FieldResolver(() => String)
  member(@Root("name") name: string): string {
    return told(name);
  }

  @FieldResolver(() => String)
  size(
    @Args(() => SizeArgs) args: SizeArgs,
    @Ctx() { teller }: Told,
    @Root() { name }: Tool,
  ): string {
    const { first, ...rest } = args;
    return told(args instanceof SizeArgs, args.isDoubled(), first, rest, teller, name);
  }

  @FieldResolver(() => String)
  words(
    @Ctx() { teller }: Told,
    @Arg("many", () => [String], { nullable: true }) many?: string[] | null,
    @Arg("one", () => String, { defaultValue: "word" }) one?: string,
  ): string {
    return told(teller, many, one);
  }

  @FieldResolver(() => String)
  wish(@Arg("wish", () => Wish) wish: Wish): string {
    return told(wish instanceof Wish, wish, wish.says());
  }

  @FieldResolver(() => String)
  filtered(@Args(() => WishArgs) { filter }: WishArgs): string {
    return told(filter instanceof Wish, filter, filter?.says());
  }

  @FieldResolver(() => String, { nullable: true })
  failing(@Arg("why", () => String) why: string): string {
    throw new Error(why);
  }
}

const SOURCE = `query ($first: Int, $many: [String!], $filter: Wish) { tool {
  name nothing root member sizes: size(first: 2, limit: 4) size none: size(first: null) asked: size(first: $first)
  words(many: $many, one: "x") noWords: words null: words(many: null) wish(wish: { text: "more" }) failing(why: "Why not?")
  filtered(filter: $filter) unfiltered: filtered empty: filtered(filter: null)
  parts: wish(wish: { text: "all", parts: [{ text: "one", parts: null }, { text: "two", parts: [{ text: "three" }] }] })
} }`;

const build = () => buildSchemaSync({ resolvers: [ToolResolver], validate: false });

test("methods get the same parameters as from type-graphql", async () => {
  const direct = build();
  callMethodsDirectly(direct);
  const answer = async (schema: typeof direct, variableValues: object) =>
    JSON.parse(
      JSON.stringify(
        await execute({
          ...{ schema, document: parse(SOURCE), contextValue: { teller: "Ada" } },
          variableValues: { ...variableValues },
        }),
      ),
    ) as object;

  for (const variables of [
    { filter: { text: "calm" } },
    { first: 2, many: ["a", "b"], filter: { text: "calm", parts: [{ text: "sad" }] } },
    { first: null, many: [], filter: null },
  ]) {
    const expected = await answer(build(), variables);
    expect(expected).toMatchObject({
      data: { tool: { parts: expect.stringContaining("all+one+two+three") } },
      errors: [{ message: "Why not?" }],
    });
    expect(await answer(direct, variables)).toEqual(expected);
  }
});

test("the methods that type-graphql must prepare keep its resolvers", () => {
  const schema = build();
  callMethodsDirectly(schema);
  const fields = Object.values(
    (schema.getType("Tool") as ReturnType<typeof schema.getQueryType>)?.getFields() ?? {},
  );

  const isDirect = fields.flatMap(({ name, resolve }) =>
    resolve ? [[name, needsNoInfo(resolve)]] : [],
  );

  expect(Object.fromEntries(isDirect)).toEqual({
    ...{ nothing: true, root: true, size: true, words: true, failing: true },
    ...{ wish: true, filtered: true, member: false },
  });
});
