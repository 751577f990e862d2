import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureKind, FailureSide } from "#wsrally/load/failure.js";
import { attributeFailures, type Circumstances } from "#wsrally/trial/attribute-failures.js";

const behindProxy: Circumstances = { peer: "proxy", backendAnsweredAll: true, backendReceivedAll: true };
const direct: Circumstances = { ...behindProxy, peer: "backend" };
const url: Circumstances = { peer: "unknown", backendAnsweredAll: null, backendReceivedAll: null };

describe("attributeFailures()", () => {
  const rows: readonly (readonly [FailureKind, Circumstances, FailureSide])[] = [
    ["refused", behindProxy, "proxy"],
    ["refused", direct, "backend"],
    ["refused", url, "unknown"],
    ["no-descriptors", behindProxy, "client"],
    ["no-ports", direct, "client"],
    ["eof", direct, "backend"],
    ["eof", behindProxy, "unknown"],
    ["proxy-exited", behindProxy, "proxy"],
    ["reply-missing", behindProxy, "proxy"],
    ["reply-missing", { ...behindProxy, backendReceivedAll: false }, "proxy"],
    ["reply-missing", { ...behindProxy, backendAnsweredAll: false }, "backend"],
    ["reply-missing", direct, "backend"],
    ["reply-missing", url, "unknown"],
    ["tls", behindProxy, "proxy"],
  ];
  for (const [kind, circumstances, side] of rows) {
    it(`puts ${kind} down to ${side} with peer ${circumstances.peer}`, () => {
      const [failure] = attributeFailures([{ kind, code: null, count: 2, example: "e" }], circumstances);
      assert.deepEqual(failure, { kind, side, count: 2, example: "e" });
    });
  }
});
