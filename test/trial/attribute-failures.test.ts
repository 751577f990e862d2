import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BackendCounts } from "#wsrally/backend/backend-counts.js";
import {
  type FailureKind,
  type FailureSide,
  failureKinds,
  type ObservedFailure,
} from "#wsrally/load/failure.js";
import { readNginxDiary } from "#wsrally/proxy/nginx/run/read-nginx-diary.js";
import { attributeFailures, type Circumstances } from "#wsrally/trial/attribute-failures.js";
import { fc } from "../support/seeded-fast-check.js";

type Changes = Partial<Omit<BackendCounts, "endings" | "answerFaults">> & {
  readonly endings?: Partial<BackendCounts["endings"]>;
  readonly answerFaults?: Partial<BackendCounts["answerFaults"]>;
};

/** Ten connections, a hundred messages. */
function counts({ endings = {}, answerFaults = {}, ...changes }: Changes = {}): BackendCounts {
  return {
    accepted: 10,
    upgrades: 10,
    refusedUpgrades: 0,
    refusals: {},
    pages: {},
    unanswered: 0,
    open: 0,
    messagesReceived: 100,
    messagesSent: 100,
    bytesReceived: 400,
    bytesSent: 400,
    pushes: { due: 0, sent: 0 },
    acceptFailures: 0,
    ...changes,
    endings: {
      ownEof: 0,
      ownReset: 0,
      ownClose: {},
      faultClose: {},
      peerClose: {},
      peerEof: 0,
      peerReset: 0,
      ...endings,
    },
    answerFaults: { dropped: 0, repeated: 0, altered: 0, slow: 0, ...answerFaults },
  };
}

const quiet = readNginxDiary([], []);

function logOf(...texts: readonly string[]): Circumstances["diary"] {
  return readNginxDiary(
    texts.map((text) => `2026/11/23 10:06:12 [error] 1#1: *2 ${text}`),
    [],
  );
}

function behindProxy(changes: Changes = {}, diary = quiet, opened = 10): Circumstances {
  return { peer: "proxy", backend: counts(changes), opened, diary };
}

const direct = (changes: Changes = {}): Circumstances => ({ ...behindProxy(changes), peer: "backend" });
const url: Circumstances = { peer: "unknown", backend: null, opened: 10, diary: quiet };

function failure(kind: FailureKind, count: number, changes: Partial<ObservedFailure> = {}): ObservedFailure {
  return { kind, code: null, stage: "open", count, example: "e", ...changes };
}

const opening = { stage: "opening" } as const;
const status = (code: number, count = 10): ObservedFailure =>
  failure("upgrade-status", count, { ...opening, code });

/** Each share as kind, side, count. */
type Shares = readonly (readonly [FailureKind, FailureSide, number])[];

function sharesOf(failures: readonly ObservedFailure[], circumstances: Circumstances): Shares {
  return attributeFailures(failures, circumstances).map(({ kind, side, count }) => [kind, side, count]);
}

const refusedLine =
  "connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1";
const noPortsLine =
  "connect() to 127.0.0.1:9 failed (99: Cannot assign requested address) while connecting to upstream";
const closedLine = "upstream prematurely closed connection while reading response header from upstream";

const rows: readonly (readonly [
  what: string,
  failures: readonly ObservedFailure[],
  circumstances: Circumstances,
  shares: Shares,
])[] = [
  ["a refused connection", [failure("refused", 1, opening)], behindProxy(), [["refused", "proxy", 1]]],
  ["the same without a proxy", [failure("refused", 1, opening)], direct(), [["refused", "backend", 1]]],
  ["the same of a URL", [failure("refused", 1, opening)], url, [["refused", "unknown", 1]]],
  [
    "the client's own shortage",
    [failure("no-descriptors", 2, opening)],
    behindProxy(),
    [["no-descriptors", "client", 2]],
  ],
  ["the client's own ports", [failure("no-ports", 2, opening)], url, [["no-ports", "client", 2]]],
  ["TLS", [failure("tls", 2, opening)], behindProxy(), [["tls", "proxy", 2]]],
  [
    "an invalid 101",
    [failure("upgrade-invalid", 2, opening)],
    behindProxy(),
    [["upgrade-invalid", "proxy", 2]],
  ],
  ["a forbidden frame", [failure("protocol", 2)], behindProxy(), [["protocol", "proxy", 2]]],
  ["the proxy's exit", [failure("proxy-exited", 1)], behindProxy(), [["proxy-exited", "proxy", 1]]],
  [
    "404 from the backend",
    [status(404)],
    behindProxy({ refusals: { 404: 10 } }),
    [["upgrade-status", "backend", 10]],
  ],
  [
    "426 to a plain request",
    [status(426)],
    behindProxy({ pages: { 426: 10 } }),
    [["upgrade-status", "proxy", 10]],
  ],
  [
    "403 of which the backend gave four",
    [status(403)],
    behindProxy({ refusals: { 403: 4 } }),
    [
      ["upgrade-status", "proxy", 6],
      ["upgrade-status", "backend", 4],
    ],
  ],
  [
    "502 that the backend never saw",
    [status(502)],
    behindProxy({ upgrades: 0 }),
    [["upgrade-status", "proxy", 10]],
  ],
  [
    "502 for want of ports, and for nobody there",
    [status(502)],
    behindProxy({}, logOf(...Array<string>(7).fill(noPortsLine), ...Array<string>(3).fill(refusedLine))),
    [
      ["no-ports", "proxy", 7],
      ["upgrade-status", "proxy", 3],
    ],
  ],
  [
    "502 that the log blames on a backend which denies it",
    [status(502)],
    behindProxy({}, logOf(...Array<string>(10).fill(closedLine))),
    [["upgrade-status", "unknown", 10]],
  ],
  [
    "502 that the log blames on a backend which gave up",
    [status(502)],
    behindProxy({ unanswered: 10 }, logOf(...Array<string>(10).fill(closedLine))),
    [["upgrade-status", "backend", 10]],
  ],
  [
    "an upgrade not answered",
    [failure("upgrade-timeout", 3, opening)],
    behindProxy(),
    [["upgrade-timeout", "proxy", 3]],
  ],
  [
    "the same with a backend out of descriptors",
    [failure("upgrade-timeout", 3, opening)],
    behindProxy({ acceptFailures: 1 }),
    [["upgrade-timeout", "backend", 3]],
  ],
  [
    "an end that the backend brought about",
    [failure("eof", 10)],
    behindProxy({ endings: { ownEof: 10 } }),
    [["eof", "backend", 10]],
  ],
  [
    "ends of which the backend saw four from the proxy",
    [failure("eof", 10)],
    behindProxy({ endings: { ownEof: 6, peerEof: 4 } }),
    [
      ["eof", "backend", 6],
      ["eof", "proxy", 4],
    ],
  ],
  [
    "a reset that became an end",
    [failure("eof", 10)],
    behindProxy({ endings: { ownReset: 10 } }),
    [["eof", "backend", 10]],
  ],
  [
    "ends and resets, told by kind",
    [failure("eof", 5), failure("reset", 4)],
    behindProxy({ endings: { ownReset: 4, peerEof: 5 } }),
    [
      ["eof", "proxy", 5],
      ["reset", "backend", 4],
    ],
  ],
  [
    "more ends of the backend's than the client lost",
    [failure("eof", 5)],
    behindProxy({ endings: { ownEof: 8, peerEof: 2 } }),
    [
      ["eof", "backend", 3],
      ["eof", "unknown", 2],
    ],
  ],
  [
    "a close frame of the backend's",
    [failure("closed", 3, { code: 1011 })],
    behindProxy({ endings: { ownClose: { 1011: 3 } } }),
    [["closed", "backend", 3]],
  ],
  [
    "a close frame that the backend never sent",
    [failure("closed", 3, { code: 1001 })],
    behindProxy({ endings: { peerClose: { 1001: 3 } } }),
    [["closed", "proxy", 3]],
  ],
  [
    "a close frame because of what reached the backend",
    [failure("closed", 3, { code: 1002 })],
    behindProxy({ endings: { faultClose: { 1002: 3 } } }),
    [["closed", "proxy", 3]],
  ],
  [
    "the same without a proxy",
    [failure("closed", 3, { code: 1002 })],
    direct({ endings: { faultClose: { 1002: 3 } } }),
    [["closed", "client", 3]],
  ],
  ["an end of a URL's", [failure("eof", 3)], url, [["eof", "unknown", 3]]],
  [
    "replies missing behind the backend's end",
    [failure("eof", 5), failure("reply-missing", 4, { stage: "ended" })],
    behindProxy({ messagesReceived: 96, messagesSent: 96, endings: { ownEof: 5 } }),
    [
      ["eof", "backend", 5],
      ["reply-missing", "backend", 4],
    ],
  ],
  [
    "replies missing behind ends of both",
    [failure("eof", 5), failure("reply-missing", 4, { stage: "ended" })],
    behindProxy({ endings: { ownEof: 2, peerEof: 3 } }),
    [
      ["reply-missing", "unknown", 4],
      ["eof", "proxy", 3],
      ["eof", "backend", 2],
    ],
  ],
  [
    "replies that the proxy lost",
    [failure("reply-missing", 7)],
    behindProxy(),
    [["reply-missing", "proxy", 7]],
  ],
  [
    "messages that never reached the backend",
    [failure("reply-missing", 7)],
    behindProxy({ messagesReceived: 93, messagesSent: 93 }),
    [["reply-missing", "proxy", 7]],
  ],
  [
    "messages that the backend did not answer",
    [failure("reply-missing", 7)],
    behindProxy({ messagesSent: 95 }),
    [
      ["reply-missing", "backend", 5],
      ["reply-missing", "proxy", 2],
    ],
  ],
  [
    "a late reply of a slow backend",
    [failure("reply-late", 2)],
    behindProxy({ answerFaults: { slow: 2 } }),
    [["reply-late", "backend", 2]],
  ],
  [
    "a late reply of a swift backend",
    [failure("reply-late", 2)],
    behindProxy(),
    [["reply-late", "proxy", 2]],
  ],
  [
    "a late reply of a backend that has no clock for it",
    [failure("reply-late", 2)],
    behindProxy({ answerFaults: { slow: null } }),
    [["reply-late", "unknown", 2]],
  ],
  [
    "doubled replies, the backend's and others",
    [failure("reply-duplicate", 5)],
    behindProxy({ answerFaults: { repeated: 3 } }),
    [
      ["reply-duplicate", "backend", 3],
      ["reply-duplicate", "proxy", 2],
    ],
  ],
  [
    "a wrong reply of the backend's",
    [failure("reply-wrong", 2)],
    behindProxy({ answerFaults: { altered: 2 } }),
    [["reply-wrong", "backend", 2]],
  ],
  ["a reply changed on its way", [failure("reply-wrong", 2)], behindProxy(), [["reply-wrong", "proxy", 2]]],
];

describe("attributeFailures()", () => {
  for (const [what, failures, circumstances, shares] of rows) {
    it(`puts ${what} down to ${[...new Set(shares.map(([, side]) => side))].join(" and ")}`, () => {
      assert.deepEqual(sharesOf(failures, circumstances), shares);
    });
  }

  it("links what the log explains, and only as often as it does", () => {
    const shares = attributeFailures([status(502, 5)], behindProxy({}, logOf(refusedLine, refusedLine)));
    assert.deepEqual(
      shares.map(({ count, cause, logMessage }) => [count, cause, logMessage]),
      [
        [3, "the backend saw no such request", null],
        [
          2,
          "nobody listens where the proxy passes to",
          "connect() failed (111: Connection refused) while connecting to upstream",
        ],
      ],
    );
  });

  it("hands back every failure once, whatever the counters say", () => {
    const few = fc.nat({ max: 20 });
    const observed = fc.array(
      fc.record({
        kind: fc.constantFrom(...failureKinds),
        code: fc.option(fc.constantFrom(404, 502, 1001, 1011)),
        stage: fc.constantFrom("opening" as const, "open" as const, "ended" as const),
        count: few.map((count) => count + 1),
        example: fc.constant("e"),
      }),
      { maxLength: 8 },
    );
    const backend = fc
      .record({
        ownEof: few,
        ownReset: few,
        ownClose: fc.dictionary(fc.constantFrom("1001", "1011"), few),
        peerEof: few,
        peerReset: few,
        messagesReceived: few,
        messagesSent: few,
        upgrades: few,
      })
      .map(({ messagesReceived, messagesSent, upgrades, ...endings }) =>
        counts({ messagesReceived, messagesSent, upgrades, endings }),
      );
    const lines = fc.array(fc.constantFrom(refusedLine, noPortsLine, closedLine), { maxLength: 9 });
    fc.assert(
      fc.property(
        observed,
        fc.option(backend),
        lines,
        fc.constantFrom("proxy" as const, "backend" as const, "unknown" as const),
        (failures, seen, texts, peer) => {
          const shares = attributeFailures(failures, {
            peer,
            backend: seen,
            opened: 5,
            diary: logOf(...texts),
          });
          const sum = (all: readonly { readonly count: number }[]): number =>
            all.reduce((total, { count }) => total + count, 0);
          assert.equal(sum(shares), sum(failures));
          assert.ok(shares.every(({ count }) => count > 0 && Number.isInteger(count)));
        },
      ),
    );
  });
});
