import type { GraphQLServices } from "../../src/graphql/context.js";
import { ownerOf } from "../../src/instances/index.js";
import { FabulaError, UnavailableError } from "../../src/platform/errors.js";
import { Rate } from "../../src/legacy/demo/rate.js";
import { meterClient, newSqlMeter } from "../../src/platform/database/connection/metered-client.js";
import { userStore } from "../../src/platform/users/user.store.js";

/** What the application works with. */
export interface OurParts {
  readonly services: Pick<GraphQLServices, "database" | "stories" | "narrations">;
  /** Reads rows of all users, to choose what to change. */
  superuser<R extends object>(sql: string, values?: readonly unknown[]): Promise<R[]>;
}

interface StoryRow {
  readonly id: number;
  readonly version: number;
  readonly author: string;
}

interface NarrationRow {
  readonly id: string;
  readonly version: number;
  readonly user: string;
  readonly segments: number;
}

/** Our application at work on the same rows as the old one: through its services, as requests do. */
export class NewApplication {
  /** How many changes succeeded. A change of a row that changed meanwhile is refused, as always. */
  changed = 0;
  /** How many statements of ours used tables. */
  statements = 0;
  /** Errors that are no answer to the person, for example when a row stays locked. */
  readonly failures: string[] = [];
  private readonly ending = new AbortController();
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly app: OurParts,
    private readonly random: () => number,
  ) {}

  /** @param statementsPerSecond statements that use tables. Default: as many as possible */
  start(writers: number, statementsPerSecond = Infinity): void {
    const rate = new Rate(statementsPerSecond);
    this.working = Promise.all(Array.from({ length: writers }, () => this.write(rate)));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.working;
  }

  private async write(rate: Rate): Promise<void> {
    while (await rate.next(this.ending.signal)) {
      const meter = newSqlMeter();
      await meterClient(meter, null, () => this.change());
      this.statements += meter.statements.length;
      rate.add(meter.statements.length - 1);
    }
  }

  private async change(): Promise<void> {
    const changes = [
      () => this.registerUser(),
      () => this.writeStory(),
      () => this.changeStory(),
      () => this.narrate(),
      () => this.changeNarration(),
      () => this.changeNarration(),
      () => this.deleteNarration(),
    ];
    const change = changes[Math.floor(this.random() * changes.length)];
    try {
      if (await change?.()) this.changed += 1;
    } catch (error) {
      if (!(error instanceof FabulaError) || error instanceof UnavailableError) {
        this.failures.push(String(error));
      }
    }
  }

  private async registerUser(): Promise<boolean> {
    const subject = `user-${1 + Math.floor(this.random() * 60)}`;
    await this.app.services.database.write(subject, (tx) => userStore.ensure(tx, { subject }));
    return true;
  }

  private async writeStory(): Promise<boolean> {
    const draft = await this.app.services.stories.create("user-1", {
      title: "Of ours",
      content: `A story of ours. ${this.random()}`,
    });
    if (this.random() < 0.7) await this.app.services.stories.publish("user-1", draft);
    return true;
  }

  private async changeStory(): Promise<boolean> {
    const story = await this.someStory();
    if (!story) return false;
    const { stories } = this.app.services;
    if (this.random() < 0.2) await stories.archive(story.author, story);
    else if (this.random() < 0.4) await stories.publish(story.author, story);
    else await stories.update(story.author, story, { title: `Renamed ${this.random()}` });
    return true;
  }

  private async narrate(): Promise<boolean> {
    const story = await this.someStory();
    if (!story) return false;
    await this.app.services.narrations.create(ownerOf("user-2"), { storyId: story.id });
    return true;
  }

  private async changeNarration(): Promise<boolean> {
    const narration = await this.someNarration();
    if (!narration) return false;
    const { narrations } = this.app.services;
    const owner = ownerOf(narration.user);
    if (narration.segments > 0 && this.random() < 0.7) {
      const text = `New line ${this.random()}.`;
      await narrations.updateSegments(owner, narration, [{ index: 0, text }]);
    } else {
      await narrations.update(owner, narration, { narratorVoice: "flite:slt" });
    }
    return true;
  }

  private async deleteNarration(): Promise<boolean> {
    const narration = await this.someNarration();
    if (!narration || this.random() < 0.8) return false;
    await this.app.services.narrations.delete(ownerOf(narration.user), narration);
    return true;
  }

  private async someStory(): Promise<StoryRow | undefined> {
    const [row] = await this.app.superuser<StoryRow>(
      `SELECT id, version, original_author_id AS author FROM (
         SELECT * FROM reference.stories WHERE original_author_id IS NOT NULL ORDER BY id LIMIT 40) s
       OFFSET floor($1::float8 * 40) LIMIT 1`,
      [this.random()],
    );
    return row;
  }

  private async someNarration(): Promise<NarrationRow | undefined> {
    const [row] = await this.app.superuser<NarrationRow>(
      `SELECT id, version, user_id AS "user", segment_count AS segments FROM (
         SELECT * FROM instances.user_story_narrations ORDER BY id LIMIT 40) n
       OFFSET floor($1::float8 * 40) LIMIT 1`,
      [this.random()],
    );
    return row;
  }
}
