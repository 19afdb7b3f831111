import { Column, Entity, PrimaryColumn } from "typeorm";

/** What a user used of one quota on one day. */
@Entity("user_usage", { schema: "platform" })
export class UsageEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  /** YYYY-MM-DD, in UTC. */
  @PrimaryColumn("date") readonly day!: string;
  @PrimaryColumn("text") readonly kind!: string;
  @Column("bigint") readonly amount!: string;
}
