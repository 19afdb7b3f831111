import { Column, CreateDateColumn, Entity, PrimaryColumn } from "typeorm";

/**
 * A mutation that ran with a key chosen by its caller. If the caller sends the mutation with this key
 * again, nothing changes.
 */
@Entity("idempotency_keys", { schema: "instances" })
export class IdempotencyKeyEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("text") readonly operation!: string;
  @PrimaryColumn("text") readonly key!: string;
  @Column("text", { name: "request_hash" }) readonly requestHash!: string;
  @Column("jsonb", { nullable: true }) readonly response!: { readonly id: string } | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
}
