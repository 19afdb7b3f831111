import { Column, Entity, PrimaryColumn } from "typeorm";

/**
 * The level of one token bucket. A bucket limits the cost that one caller spends. A bucket without
 * a row is full.
 */
@Entity("cost_buckets", { schema: "platform" })
export class BucketEntity {
  /** A hash of the bucket's name, because the name contains a subject or an address. */
  @PrimaryColumn("text") readonly key!: string;
  @Column("double precision") readonly level!: number;
  @Column("timestamptz", { name: "settled_at" }) readonly settledAt!: Date;
}
