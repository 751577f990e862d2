/**
 * Protocols above WebSocket that servers are asked for by name: what a client says first, how a message and its reply look, and
 * what keeps a connection alive. Each key can be given anew beside the preset.
 */
import type { Conversation } from "./conversation.js";

export const presetNames = ["socket.io", "graphql-ws", "signalr", "stomp", "mqtt", "phoenix"] as const;
type PresetName = (typeof presetNames)[number];

/** Keys of a workload, as they are read. */
interface Preset extends Partial<Mutable<Conversation>> {
  readonly message: string;
  readonly path?: string;
  readonly subprotocol?: string[];
  readonly binary?: boolean;
}

/** What a schema gives is not readonly. */
type Mutable<Data> = {
  -readonly [Key in keyof Data]: Data[Key] extends readonly (infer Item)[]
    ? Item[]
    : Exclude<Data[Key], null>;
};

/** The end of a frame of SignalR's JSON protocol. */
const recordSeparator = "\x1e";

export const presets: Readonly<Record<PresetName, Preset>> = {
  /**
   * Socket.IO 5 over Engine.IO 4: packets begin with a digit, and the server's pings (2) are answered (3). The event is one
   * that the server acknowledges: 42 and an id in, 43 and the same id back.
   */
  "socket.io": {
    path: "/socket.io/?EIO=4&transport=websocket",
    first: [
      { send: null, await: contains("0{"), capture: { session: "sid" } },
      { send: "40", await: contains("40{"), capture: {} },
    ],
    message: '42{{seq}}["message","{{id}}"]',
    reply: contains("43{{seq}}["),
    answer: [{ to: { match: "equals", value: "2" }, send: "3" }],
  },
  /** graphql-transport-ws: each message is a query that gives one result and is over. */
  "graphql-ws": {
    subprotocol: ["graphql-transport-ws"],
    first: [{ send: '{"type":"connection_init"}', await: json("type", "connection_ack"), capture: {} }],
    message: '{"id":"{{id}}","type":"subscribe","payload":{"query":"{ __typename }"}}',
    ignore: [json("type", "complete"), json("type", "pong")],
    reply: json("id", "{{id}}"),
    answer: [{ to: json("type", "ping"), send: '{"type":"pong"}' }],
  },
  /** ASP.NET Core SignalR, JSON hub protocol, without negotiation: a method is invoked, and its completion is the reply. */
  signalr: {
    first: [
      {
        send: `{"protocol":"json","version":1}${recordSeparator}`,
        await: contains(`{}${recordSeparator}`),
        capture: {},
      },
    ],
    message: `{"type":1,"invocationId":"{{seq}}","target":"Echo","arguments":["{{id}}"]}${recordSeparator}`,
    reply: contains('"invocationId":"{{seq}}"'),
    ignore: [contains('{"type":6}')],
    keepAlive: { every: 15, send: `{"type":6}${recordSeparator}` },
  },
  /** STOMP 1.2: each connection subscribes to a destination of its own and sends to it. */
  stomp: {
    subprotocol: ["v12.stomp"],
    first: [
      {
        send: "CONNECT\naccept-version:1.2\nhost:/\nheart-beat:0,0\n\n\0",
        await: contains("CONNECTED"),
        capture: {},
      },
      // Brokers differ in whether they confirm it; in order with what follows it is in any case.
      { send: "SUBSCRIBE\nid:0\ndestination:/topic/wsrally-{{connection}}\n\n\0", await: null, capture: {} },
    ],
    message: "SEND\ndestination:/topic/wsrally-{{connection}}\n\n{{id}}\0",
    reply: contains("{{id}}"),
  },
  /** MQTT 3.1.1, QoS 0: each connection subscribes to a topic of its own and publishes to it. Bytes, as Latin-1. */
  mqtt: {
    subprotocol: ["mqtt"],
    binary: true,
    first: [
      {
        // CONNECT: clean session, keep alive 60 s, client identifier wsrally-CCCCCC.
        send: "\x10\x1a\0\x04MQTT\x04\x02\0\x3c\0\x0ewsrally-{{connection}}",
        await: contains("\x20\x02\0\0"),
        capture: {},
      },
      {
        send: "\x82\x13\0\x01\0\x0ewsrally/{{connection}}\0",
        await: contains("\x90\x03\0\x01\0"),
        capture: {},
      },
    ],
    message: "\x30\x22\0\x0ewsrally/{{connection}}{{id}}",
    reply: contains("{{id}}"),
    ignore: [contains("\xd0\0")],
    keepAlive: { every: 30, send: "\xc0\0" },
  },
  /** Phoenix channels, serializer 2.0.0: each connection joins a topic; a push and its phx_reply carry the same ref. */
  phoenix: {
    path: "/socket/websocket?vsn=2.0.0",
    first: [{ send: '["1","1","room:lobby","phx_join",{}]', await: contains('"status":"ok"'), capture: {} }],
    message: '["1","{{seq}}","room:lobby","ping",{"id":"{{id}}"}]',
    reply: contains('"{{seq}}","room:lobby","phx_reply"'),
    ignore: [contains('"phoenix","phx_reply"')],
    keepAlive: { every: 30, send: '[null,"0","phoenix","heartbeat",{}]' },
  },
};

function contains(value: string) {
  return { match: "contains", value } as const;
}

function json(path: string, value: string) {
  return { match: "json", path, value } as const;
}
