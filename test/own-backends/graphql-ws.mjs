/** A GraphQL server over graphql-transport-ws that pings its clients, and wants a token where it is told one. */
import { createServer } from "node:http";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { tell } from "./tell.mjs";

const [token] = process.argv.slice(2);
const http = createServer();
const counts = { connections: 0, messages: 0 };
useServer(
  {
    schema: buildSchema("type Query { hello: String }"),
    roots: { query: { hello: () => "world" } },
    onConnect: ({ connectionParams }) => token === undefined || connectionParams?.token === token,
    onSubscribe: () => {
      counts.messages++;
    },
    onOpen: undefined,
    onOperation: undefined,
    onDisconnect: () => {
      counts.connections++;
    },
  },
  new WebSocketServer({ server: http, path: "/graphql" }),
  2000,
);
tell(http, counts);
