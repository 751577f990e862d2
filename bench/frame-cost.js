/**
 * What frames cost, in processor time of this thread, beside the `ws` package's own code for the same work:
 * `npm run build && node bench/frame-cost.js`. The variants take turns, round by round; the median round is shown.
 */
import { randomFillSync } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Receiver, Sender } from "ws";
import { acceptFor, createKey } from "../build/websocket/accept-key.js";
import { FrameDecoder } from "../build/websocket/frame-decoder.js";
import { FrameEncoder, frameLength } from "../build/websocket/frame-encoder.js";
import { MaskSource } from "../build/websocket/mask-source.js";
import { Masker } from "../build/websocket/masker.js";
import { opcodes } from "../build/websocket/opcode.js";
import { buildAccept } from "../build/websocket/server-response.js";
import { createUpgradeRequest } from "../build/websocket/upgrade-request.js";
import { UpgradeRequestReader } from "../build/websocket/upgrade-request-reader.js";
import { UpgradeResponseReader } from "../build/websocket/upgrade-response-reader.js";

const rounds = 7;
const sizes = [4, 64, 1024, 64 * 1024, 1024 * 1024];
const messageBytesMax = 16 * 1024 * 1024;

const require = createRequire(import.meta.url);
const wsBufferUtil = require(join(dirname(require.resolve("ws")), "lib", "buffer-util.js"));

/** Nanoseconds of processor time a call, by variant. */
function measure(variants, repeats) {
  const taken = variants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    variants.forEach(([, run], index) => {
      const before = process.cpuUsage();
      for (let i = 0; i < repeats; i++) run();
      const { user, system } = process.cpuUsage(before);
      taken[index].push(((user + system) * 1000) / repeats);
    });
  }
  return taken.map((values) => values.sort((a, b) => a - b)[rounds >> 1]);
}

function table(title, columns, rows) {
  process.stdout.write(
    `\n${title} (ns of CPU)\n${"bytes".padEnd(10)}${columns.map((name) => name.padStart(24)).join("")}\n`,
  );
  for (const [label, values] of rows) {
    process.stdout.write(
      `${String(label).padEnd(10)}${values.map((value) => value.toFixed(1).padStart(24)).join("")}\n`,
    );
  }
}

function compare(title, variantsFor) {
  const rows = sizes.map((size) => {
    const repeats = Math.min(200_000, Math.max(20, Math.floor(2e7 / (size + 50))));
    return [size, measure(variantsFor(size), repeats)];
  });
  table(
    title,
    variantsFor(4).map(([name]) => name),
    rows,
  );
}

const seen = { messages: 0, other: 0 };
const noop = () => {
  seen.other++;
};
const sink = {
  message() {
    seen.messages++;
  },
  ping: noop,
  pong: noop,
  close: noop,
};

/** A read that holds one whole frame; for a client's, written anew into the same buffer before each reading. */
function frameOf(role, size) {
  const frame = Buffer.alloc(frameLength(role, size));
  new FrameEncoder(role, frame).write(0, opcodes.binary, Buffer.alloc(size, 7));
  return frame;
}

function receiver(isServer) {
  const made = new Receiver({ isServer, binaryType: "nodebuffer", maxPayload: messageBytesMax });
  made.on("message", sink.message);
  return made;
}

compare("decode one frame from a server", (size) => {
  const frame = frameOf("server", size);
  const options = { sender: "server", messageBytesMax, sink };
  const decoder = new FrameDecoder({ ...options, textCheck: "skip" });
  const ws = receiver(false);
  return [
    ["wsrally", () => decoder.read(5, frame, 0, frame.length)],
    ["ws Receiver", () => ws._write(frame, "buffer", noop)],
  ];
});

compare("decode one frame from a client (masked)", (size) => {
  const frame = frameOf("client", size);
  const decoder = new FrameDecoder({ sender: "client", messageBytesMax, textCheck: "skip", sink });
  const ws = receiver(true);
  return [
    ["wsrally", () => decoder.read(5, frame, 0, frame.length)],
    ["ws Receiver", () => ws._write(frame, "buffer", noop)],
  ];
});

compare("decode one frame from a client in two reads", (size) => {
  const frame = frameOf("client", size);
  const half = frame.length >> 1;
  const decoder = new FrameDecoder({ sender: "client", messageBytesMax, textCheck: "skip", sink });
  const ws = receiver(true);
  return [
    [
      "wsrally",
      () => {
        decoder.read(5, frame, 0, half);
        decoder.read(5, frame, half, frame.length);
      },
    ],
    [
      "ws Receiver",
      () => {
        ws._write(frame.subarray(0, half), "buffer", noop);
        ws._write(frame.subarray(half), "buffer", noop);
      },
    ],
  ];
});

compare("encode one frame", (size) => {
  const payload = Buffer.alloc(size, 7);
  const target = Buffer.alloc(frameLength("client", size));
  const client = new FrameEncoder("client", target);
  const server = new FrameEncoder("server", target);
  const options = { fin: true, opcode: opcodes.binary, mask: true, readOnly: true };
  return [
    ["wsrally, client", () => client.write(0, opcodes.binary, payload)],
    ["ws Sender.frame, client", () => Sender.frame(payload, options)],
    ["wsrally, server", () => server.write(0, opcodes.binary, payload)],
  ];
});

compare("mask in place", (size) => {
  const buffer = Buffer.alloc(size + 6);
  const bytes = buffer.subarray(6);
  const mask = Buffer.from([1, 2, 3, 4]);
  const masker = new Masker();
  return [
    ["wsrally", () => masker.apply(buffer, 6, size + 6, 0x04030201)],
    ["ws unmask", () => wsBufferUtil.unmask(bytes, mask)],
  ];
});

/** As an engine does it: another connection for every read, out of one buffer. */
const connections = 15_000;
const pongs = Buffer.alloc(4096);
const pongEnd = new FrameEncoder("server", pongs).write(0, opcodes.text, Buffer.from("pong"));
const pings = Buffer.alloc(4096);
const client = new FrameEncoder("client", pings);
const ping = Buffer.from("ping");
const many = new FrameDecoder({ sender: "server", messageBytesMax, textCheck: "skip", sink });
let turn = 0;
table(
  `a round trip's frames, ${connections} connections in turn`,
  ["decode pong, encode ping"],
  [
    [
      4,
      measure(
        [
          [
            "both",
            () => {
              turn = (turn + 7919) % connections;
              many.read(turn, pongs, 0, pongEnd);
              client.write(0, opcodes.text, ping);
            },
          ],
        ],
        1_000_000,
      ),
    ],
  ],
);

const origin = "http://127.0.0.1:7415";
const requestFor = createUpgradeRequest({
  path: "/sock",
  host: "127.0.0.1:7415",
  origin,
  subprotocols: [],
  extraFields: [],
});
const sampleKey = createKey();
const accept = acceptFor(sampleKey);
const request = requestFor(sampleKey);
const response = buildAccept({ key: sampleKey, subprotocol: null });
table(
  "a connection's handshake",
  ["key and accept", "build request", "read request", "build response", "read response"],
  [
    [
      request.length + response.length,
      measure(
        [
          ["key and accept", () => acceptFor(createKey())],
          ["build request", () => requestFor(sampleKey)],
          ["read request", () => new UpgradeRequestReader().read(request, 0, request.length)],
          ["build response", () => buildAccept({ key: sampleKey, subprotocol: null })],
          [
            "read response",
            () => new UpgradeResponseReader({ accept, subprotocols: [] }).read(response, 0, response.length),
          ],
        ],
        20_000,
      ),
    ],
  ],
);

const masks = new MaskSource();
const pools = [1024, 4096, 16 * 1024, 64 * 1024].map((bytes) => Buffer.alloc(bytes));
table(
  "one mask",
  ["MaskSource", "xoshiro128**", ...pools.map(({ length }) => `refill of ${length}, / mask`)],
  [
    [
      4,
      [
        ...measure(
          [
            ["source", () => masks.next()],
            ["xoshiro", createXoshiro()],
          ],
          2_000_000,
        ),
        ...pools.map(
          (pool) => measure([["refill", () => randomFillSync(pool)]], 2_000)[0] / (pool.length / 4),
        ),
      ],
    ],
  ],
);

/** xoshiro128** (Blackman & Vigna 2018), what the masks would be drawn from if node:crypto were slow. */
function createXoshiro() {
  const s = randomFillSync(new Uint32Array(4));
  return () => {
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  };
}
