/**
 * A STOMP broker, which delivers nothing to who sent it, and a service at /app/echo that sends each message on to where its
 * reply-to says.
 */
import { createServer } from "node:http";
import StompServer from "stomp-broker-js";
import { tell } from "./tell.mjs";

const http = createServer();
const broker = new StompServer({ server: http, path: "/ws", heartbeat: [0, 0] });
const counts = { connections: 0, messages: 0 };
broker.on("connected", () => {
  counts.connections++;
});
broker.subscribe("/app/echo", (body, headers) => {
  counts.messages++;
  broker.send(headers["reply-to"], {}, body);
});
tell(http, counts);
