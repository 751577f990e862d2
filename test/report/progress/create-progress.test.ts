import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { createProgress } from "#wsrally/report/progress/create-progress.js";
import type { ProgressStream } from "#wsrally/report/progress/live-lines.js";
import type { ProgressState } from "#wsrally/report/progress/progress-state.js";
import { progressEventSchema } from "#wsrally/results/progress-event.js";

const state: ProgressState = {
  phase: "measure",
  arm: "on",
  block: 0,
  blocks: 60,
  opened: 1000,
  connections: 1000,
  ratePerS: 9998,
  p50Us: 121,
  p99Us: 410,
  secondsLeft: 72,
  headline: null,
};

function recorder(columns?: number): { stream: ProgressStream; writes: string[] } {
  const writes: string[] = [];
  const write = (text: string): void => {
    writes.push(text);
  };
  return { stream: columns === undefined ? { write } : { write, columns }, writes };
}

function live({ width = 80, columns }: { width?: number; columns?: number } = {}) {
  const { stream, writes } = recorder(columns);
  let nowMs = 0;
  const progress = createProgress({ stream, kind: "live", colour: false, width, nowMs: () => nowMs });
  return { progress, writes, advance: (ms: number) => (nowMs += ms) };
}

describe("createProgress() on a terminal", () => {
  it("draws a line, and rewrites it in place", () => {
    const { progress, writes, advance } = live({ width: 90 });
    const measuring = { ...state, secondsLeft: null };
    progress.update(measuring);
    advance(100);
    progress.update({ ...measuring, block: 30, headline: "can't tell yet" });
    advance(100);
    progress.update({ ...state, block: 31, phase: "stop", ratePerS: null, p50Us: null, p99Us: null });
    assert.deepEqual(writes, [
      "[..........]  block 1 of at most 60  on measuring  9,998/s  p50 121 µs  p99 410 µs",
      "\r\u001b[J[#####.....]  block 31 of at most 60  on measuring  9,998/s  p50 121 µs  p99 410 µs\ncan't tell yet",
      "\r\u001b[1A\u001b[J[#####.....]  block 32 of at most 60  on stopping  1:12 min left",
    ]);
  });

  it("breaks lines that stay between words, as the terminal is wide at that moment", () => {
    for (const [width, columns] of [
      [30, undefined],
      [80, 30],
    ] as const) {
      const { progress, writes } = live({ width, ...(columns === undefined ? {} : { columns }) });
      progress.note("nginx-new: `listen 80` is a free port (new.conf:13)");
      assert.deepEqual(writes, ["nginx-new: `listen 80` is a\n  free port (new.conf:13)\n"]);
    }
  });

  it("draws at most ten times a second, and the last state all the same", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const { progress, writes, advance } = live();
      progress.update(state);
      for (let i = 0; i < 50; i++) {
        advance(1);
        progress.update({ ...state, block: i });
      }
      assert.equal(writes.length, 1);
      advance(50);
      mock.timers.tick(100);
      assert.equal(writes.length, 2);
      assert.match(writes[1] ?? "", /block 50 of/);
      progress.finish();
    } finally {
      mock.timers.reset();
    }
  });

  it("cuts at the width, and at the terminal's when that has shrunk", () => {
    const long = { ...state, arm: "an-arm-with-a-long-name-indeed", headline: "so far ".repeat(30) };
    for (const [width, columns] of [
      [40, 200],
      [200, 40],
      [12, 12],
    ] as const) {
      const { progress, writes } = live({ width, columns });
      progress.update(long);
      for (const line of (writes[0] ?? "").split("\n")) {
        assert.ok(displayWidth(line) < Math.min(width, columns), line);
      }
    }
  });

  it("prints a note above, and draws the live line again", () => {
    const { progress, writes } = live();
    progress.update(state);
    progress.note("proxy said \u001b[2J");
    assert.equal(writes[1], `\r\u001b[Jproxy said \\x1b[2J\n${writes[0]}`);
  });

  it("leaves nothing behind, and draws nothing any more", () => {
    const { progress, writes } = live();
    progress.update({ ...state, headline: "x" });
    progress.finish();
    progress.update(state);
    progress.finish();
    progress.note("kept");
    assert.deepEqual(writes.slice(1), ["\r\u001b[1A\u001b[J", "kept\n"]);
  });
});

describe("createProgress() in a log", () => {
  it("writes one plain line for each finished block, whatever happens within", () => {
    const { stream, writes } = recorder();
    const progress = createProgress({ stream, kind: "plain", colour: true, width: 80 });
    for (const block of [0, 1, 2]) {
      for (const arm of ["on", "off"]) {
        for (const phase of ["connect", "measure", "stop"] as const)
          progress.update({ ...state, block, arm, phase });
      }
    }
    progress.update({ ...state, block: 3, secondsLeft: null, headline: "can't\u001b tell" });
    progress.note("a\nnote");
    progress.finish();
    assert.deepEqual(writes, [
      "block 1 of at most 60 done, 1:12 min left\n",
      "block 2 of at most 60 done, 1:12 min left\n",
      "block 3 of at most 60 done, 1:12 min left; can't\\x1b tell\n",
      "a\\nnote\n",
    ]);
  });
});

describe("createProgress() for a program", () => {
  it("writes an event a line: what begins at once, what goes on at most once a second", () => {
    const { stream, writes } = recorder();
    let nowMs = 0;
    const progress = createProgress({
      stream,
      kind: "json",
      colour: true,
      width: 80,
      nowMs: () => nowMs,
    });
    progress.note("https://user:secret@host/ is\nasked");
    progress.update({ ...state, phase: "prepare", arm: "", block: -1, blocks: null });
    progress.update(state);
    progress.update({ ...state, opened: 2 });
    nowMs = 1000;
    progress.update({ ...state, opened: 3 });
    progress.update({ ...state, block: 1, headline: "can't tell" });
    progress.doing("probe: shaking hands");
    progress.finish();
    progress.update({ ...state, block: 2 });
    const events = writes.map((line) => progressEventSchema.parse(JSON.parse(line)));
    assert.ok(writes.every((line) => line.indexOf("\n") === line.length - 1));
    assert.ok(!writes.join("").includes("secret"));
    assert.deepEqual(
      events.map((event) =>
        event.event === "progress"
          ? [event.phase, event.arm, event.block, event.opened, event.standing]
          : event.event,
      ),
      [
        "note",
        ["prepare", null, null, 1000, null],
        ["measure", "on", 0, 1000, null],
        ["measure", "on", 0, 3, null],
        ["measure", "on", 1, 1000, "can't tell"],
        "note",
      ],
    );
  });
});
