/**
 * A server as many write it, on `ws`: wants a login, gives a session, greets, says the time without being asked, and answers
 * each request that names its session.
 */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { tell } from "./tell.mjs";

const [password] = process.argv.slice(2);
const http = createServer();
const counts = { connections: 0, messages: 0, strangers: 0 };
const server = new WebSocketServer({ server: http });
server.on("connection", (socket) => {
  counts.connections++;
  const session = `session-${counts.connections}`;
  const say = (message) => socket.send(JSON.stringify(message));
  say({ type: "hello", motd: "welcome" });
  const clock = setInterval(() => say({ type: "tick" }), 50);
  socket.on("close", () => clearInterval(clock));
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    if (message.type === "login") {
      if (message.password !== password) {
        // In one write, as a busy server's messages come.
        socket._socket.cork();
        say({ type: "error", text: "wrong password" });
        say({ type: "goodbye" });
        socket._socket.uncork();
      } else say({ type: "welcome", user: message.user, session });
      return;
    }
    if (message.session !== session) counts.strangers++;
    counts.messages++;
    say({ type: "reply", to: message.id, user: message.user });
  });
});
tell(http, counts);
