import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { parseArm } from "#wsrally/scenario/arm.js";
import { resolveWorkload, type WorkloadInput } from "#wsrally/scenario/workload.js";
import { chooseEngine, type EngineSupport } from "#wsrally/trial/choose-engine.js";

const there = () => ({ available: true }) as const;
const refusal = (reason: string) => () => ({ available: false, reason }) as const;

const everything: EngineSupport = { layer: there, openSsl: there, ioUring: there };
const noRing: EngineSupport = { ...everything, ioUring: refusal("io_uring is forbidden here") };
const noOpenSsl: EngineSupport = { ...everything, openSsl: refusal("no OpenSSL") };
const elsewhere: EngineSupport = {
  layer: refusal("darwin is not Linux"),
  openSsl: refusal("darwin is not Linux"),
  ioUring: refusal("darwin is not Linux"),
};

function choose(input: WorkloadInput, support: EngineSupport, tls = [false]): string {
  const arms = tls.map((usesTls) => ({
    plan: { ...parseArm("direct"), workload: resolveWorkload(input), group: "", cell: {}, isFloor: false },
    proxy: { tls: usesTls },
  }));
  return chooseEngine(arms, support);
}

describe("chooseEngine()", () => {
  it("takes the lightest that the machine and every arm allow", () => {
    const rows: readonly [WorkloadInput, EngineSupport, boolean[], string][] = [
      [{ closed: true }, everything, [false, false], "io_uring"],
      [{}, everything, [false, false], "epoll"],
      [{ rate: 100 }, everything, [false], "epoll"],
      [{ closed: true }, noRing, [false, false], "epoll"],
      [{}, everything, [false, true], "epoll"],
      [{}, noOpenSsl, [true], "ws"],
      [{ closed: true }, noOpenSsl, [false], "io_uring"],
      [{ deflate: true }, everything, [false], "ws"],
      [{}, elsewhere, [false], "ws"],
    ];
    for (const [input, support, tls, engine] of rows) assert.equal(choose(input, support, tls), engine);
  });

  it("takes the one that was asked for", () => {
    for (const engine of ["io_uring", "epoll", "ws"] as const) {
      assert.equal(choose({ engine }, everything), engine);
    }
    assert.equal(choose({ engine: "ws" }, elsewhere, [true]), "ws");
  });

  it("says why the one that was asked for cannot", () => {
    const rows: readonly [WorkloadInput, EngineSupport, boolean[], RegExp][] = [
      [
        { engine: "io_uring" },
        noRing,
        [false],
        /--engine io_uring: io_uring is forbidden here; --engine auto/,
      ],
      [{ engine: "io_uring" }, everything, [false, true], /it does not speak TLS/],
      [{ engine: "io_uring", deflate: true }, everything, [false], /it does not compress/],
      [{ engine: "epoll" }, elsewhere, [false], /--engine epoll: darwin is not Linux; --engine ws can/],
      [{ engine: "epoll" }, noOpenSsl, [true], /no OpenSSL/],
    ];
    for (const [input, support, tls, words] of rows) {
      assert.throws(
        () => choose(input, support, tls),
        (error) => error instanceof UsageError && words.test(error.message),
      );
    }
  });
});
