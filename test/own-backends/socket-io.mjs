/** A Socket.IO server that acknowledges each message with itself, and pushes news to everybody. Tells its port, then its counts. */
import { createServer } from "node:http";
import { Server } from "socket.io";
import { tell } from "./tell.mjs";

const http = createServer();
const server = new Server(http, { pingInterval: 300, pingTimeout: 2000 });
const counts = { connections: 0, messages: 0 };
server.on("connection", (socket) => {
  counts.connections++;
  socket.on("message", (data, acknowledge) => {
    counts.messages++;
    acknowledge(data);
  });
});
tell(http, counts);
