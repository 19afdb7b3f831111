import { EventEmitter } from "node:events";
import type pg from "pg";
import { COUNT_BYTES, DataRowMessage } from "./data-row.js";
import { MessageFramer } from "./message-framer.js";
import { RowQuery } from "./row-query.js";

// Methods of pg's Connection and Client that are missing in pg's types.
interface ListeningConnection extends pg.Connection {
  attachListeners(stream: EventEmitter): void;
}
interface ClientInternals {
  _getActiveQuery(): unknown;
}

/**
 * Makes a client give each RowQuery the bytes of its rows. pg's own parser gets all other messages. Call this
 * before the client connects.
 */
export function leaveRowsUndecoded(client: pg.Client): void {
  const connection = client.connection as ListeningConnection;
  const internals = client as unknown as ClientInternals;
  const attachParser = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) => {
    const parsed = new EventEmitter();
    attachParser(parsed);
    const framer = new MessageFramer({
      row: (chunk, start) => {
        const query = internals._getActiveQuery();
        if (query instanceof RowQuery) query.addRow(chunk, start + COUNT_BYTES);
        else connection.emit("dataRow", new DataRowMessage(chunk, start));
      },
      others: (bytes) => parsed.emit("data", bytes),
    });
    stream.on("data", (bytes: Buffer) => {
      framer.take(bytes);
    });
  };
}
