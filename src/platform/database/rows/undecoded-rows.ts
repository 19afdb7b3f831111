import { EventEmitter } from "node:events";
import type pg from "pg";
import { DataRowMessage } from "./data-row.js";
import { MessageFramer } from "./message-framer.js";

// A method of pg's Connection that is missing in pg's types.
interface ListeningConnection {
  attachListeners(stream: EventEmitter): void;
}

/**
 * Makes a connection emit rows that are not decoded. pg's own parser gets all other messages. Call this
 * before the connection connects.
 */
export function leaveRowsUndecoded(connection: pg.Connection): void {
  const listening = connection as pg.Connection & ListeningConnection;
  const attachParser = listening.attachListeners.bind(connection);
  listening.attachListeners = (stream) => {
    const parsed = new EventEmitter();
    attachParser(parsed);
    const framer = new MessageFramer({
      row: (bytes, start) => connection.emit("dataRow", new DataRowMessage(bytes, start)),
      others: (bytes) => parsed.emit("data", bytes),
    });
    stream.on("data", (chunk: Buffer) => {
      framer.take(chunk);
    });
  };
}
