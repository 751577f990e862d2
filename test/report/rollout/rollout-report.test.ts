import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create } from "xmlbuilder2";
import { judgeRolloutSlos } from "#wsrally/judge/rollout/rollout-slos.js";
import { renderCsv } from "#wsrally/report/ci/csv-report.js";
import { renderJunit } from "#wsrally/report/ci/junit-report.js";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { runGauges } from "#wsrally/report/ci/run-gauges.js";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { rolloutSentence } from "#wsrally/report/rollout/rollout-words.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { RolloutComparison } from "#wsrally/results/rollout-comparison-schema.js";
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { parseRolloutSlos } from "#wsrally/scenario/rollout-slo.js";
import { gone, makeRollout, quiet, rolloutDocument } from "../rollout-documents.js";

const said = (changes: Partial<Rollout> = {}): string => {
  const { lead, rest } = rolloutSentence(makeRollout(changes));
  return lead + rest;
};

describe("rolloutSentence()", () => {
  it("says who was cut, when, how, and when they were back", () => {
    assert.equal(
      said(),
      "This reload cut 2,000 of 2,000 clients 2.01 s after it, 1,996 without a close frame, 4 by a reset; " +
        "all were back 700 ms later; p99 was above 20.0 ms for 800 ms",
    );
  });

  it("says that nobody was cut, and for how long that was watched", () => {
    assert.equal(
      said(quiet),
      "This reload cut none of 2,000 clients: nobody was lost in the 3.50 s after it",
    );
  });

  const fair = { delayMs: 0, jitterMs: 0, lossShare: 0 };
  const line: NonNullable<Rollout["line"]> = {
    usual: fair,
    bad: null,
    packets: { toProxy: 9000, toClients: 9000, lost: 0, cutOff: 0, overflowed: 0 },
    lateUs: { p50: 4, p99: 90 },
    busyShare: 0.1,
    isLimit: false,
  };
  const lines: readonly (readonly [Partial<Rollout>, string])[] = [
    [
      { event: "delay", line: { ...line, bad: { ...fair, delayMs: 20, jitterMs: 5, lastsMs: 3000 } } },
      "This delay of 20.0 ms ± 5.00 ms each way for 3.00 s cut none of 2,000 clients: p50 went from 200 µs to 400 µs; " +
        "p99 from 900 µs to 50.0 ms; nobody was lost in the 3.50 s after it",
    ],
    [
      {
        event: "loss",
        line: {
          ...line,
          bad: { ...fair, lossShare: 0.01, lastsMs: 1000 },
          packets: { ...line.packets, overflowed: 20 },
          lateUs: { p50: 10, p99: 3000 },
          isLimit: true,
        },
      },
      "This loss of packets (1 % each way) for 1.00 s cut none of 2,000 clients: p50 went from 200 µs to 400 µs; " +
        "p99 from 900 µs to 50.0 ms; the line between them was itself the limit: it was 3.00 ms late at its p99, and lost " +
        "20 packets that it had no time for; nobody was lost in the 3.50 s after it",
    ],
    [
      {
        event: "storm",
        line: {
          ...line,
          packets: { ...line.packets, overflowed: 20 },
          lateUs: { p50: null, p99: null },
          isLimit: true,
        },
      },
      "This end of all connections at the backend cut none of 2,000 clients: the line between them was itself the limit: it " +
        "lost 20 packets that it had no time for; nobody was lost in the 3.50 s after it",
    ],
    [
      { event: "restart", line: { ...line, usual: { delayMs: 5, jitterMs: 0, lossShare: 0.02 } } },
      "This restart cut none of 2,000 clients: clients were 5.00 ms away; 2 % of packets were lost throughout; nobody was " +
        "lost in the 3.50 s after it",
    ],
    [
      {
        event: "dead-peers",
        line,
        deadPeers: { count: 50, kept: 20, firstGoneMs: 1200, allGoneMs: null, rssBytesEach: 30 * 1024 },
      },
      "This silent death of other clients cut none of 2,000 clients: the proxy still keeps 20 of 50 dead after " +
        "3.50 s, which take 30.0 KiB of its memory each, the first gone 1.20 s after it; nobody was lost in the 3.50 s " +
        "after it",
    ],
    [
      {
        event: "dead-peers",
        line,
        deadPeers: { count: 50, kept: 0, firstGoneMs: 1200, allGoneMs: 2000, rssBytesEach: null },
      },
      "This silent death of other clients cut none of 2,000 clients: the proxy kept its 50 dead for 2.00 s; nobody " +
        "was lost in the 3.50 s after it",
    ],
  ];
  for (const [changes, wanted] of lines)
    it(`tells what a line did: ${changes.event}${changes.line?.isLimit === true ? ", and was the limit" : ""}`, () => {
      assert.equal(said({ ...quiet, ...changes, slow: { aboveUs: 20_000, forMs: null } }), wanted);
    });

  it("says who is not back", () => {
    assert.match(said(gone), /1,990 were not back after 3\.50 s/);
  });

  it("says when no process is left to come back to", () => {
    const { proxy } = makeRollout();
    assert.match(
      said({ ...gone, proxy: { ...proxy, processesAfter: 0 } }),
      /, and no process of the proxy was left/,
    );
  });

  it("puts down to an event only what was fast before it", () => {
    const { latencyUs } = makeRollout();
    const words = said({ latencyUs: { ...latencyUs, before: { p50: 200, p99: 30_000 } } });
    assert.match(words, /; p99 was above 20\.0 ms before it too$/);
  });

  for (const [backends, words] of [
    [{ before: 2000, after: 0 }, "all are still at the old backend"],
    [{ before: 0, after: 2000 }, "all are at the new backend"],
    [{ before: 3, after: 1997 }, "3 are still at the old backend, 1,997 at the new one"],
  ] as const)
    it(`says where clients are after a switch: ${words}`, () => {
      assert.ok(said({ ...quiet, event: "blue-green", backends }).includes(`clients: ${words};`));
    });

  it("tells several events, close codes, and a cut at once", () => {
    const words = said({
      event: "backend-drain",
      eventsMs: [0, 1000],
      lost: {
        count: 2,
        byEnding: [{ kind: "closed", side: "backend", closeCode: 1012, count: 2, cause: null }],
      },
      lostMs: { first: 3, last: 20 },
    });
    assert.match(
      words,
      /^These 2 drains of the backend cut 2 of 2,000 clients at once, with close code 1012;/,
    );
  });
});

describe("a rollout's comparisons", () => {
  const rolloutComparisons: RolloutComparison[] = [
    {
      ...{ baseline: "nginx", candidate: "haproxy", reconnect: "at-once", metric: "lost" },
      ...{ low: -2000, high: -1990, verdict: "better", p: 0.016, blocks: 6, blocksNeeded: 6 },
    },
  ];
  const document = { ...rolloutDocument([makeRollout(), makeRollout(quiet)]), rolloutComparisons };

  it("stand in every report", () => {
    const shown = renderTerminalReport(document, { width: 110, colour: false }).replace(/ +/g, " ");
    assert.match(shown, /Against nginx/);
    assert.match(shown, /haproxy at-once clients lost -2,000 to -1,990 6 better/);
    assert.match(renderHtmlReport({ document, histograms: new Map(), configs: new Map() }), /Against nginx/);
    assert.match(
      renderJunit(document).toString(),
      /haproxy against nginx: clients lost better \(-2,000 to -1,990\)/,
    );
  });

  it("say how many blocks there must be", () => {
    const few = rolloutComparisons.map((one) => ({ ...one, blocks: 1, verdict: "inconclusive" as const }));
    const shown = renderTerminalReport(
      { ...document, rolloutComparisons: few },
      { width: 110, colour: false },
    );
    assert.match(shown, /no verdict from 1 block: want --blocks 6 at least/);
  });
});

describe("a rollout's reports", () => {
  const document = rolloutDocument([makeRollout(), makeRollout(quiet), makeRollout(gone)]);
  const terminal = renderTerminalReport(document, { width: 100, colour: false, detail: "full" });

  it("answer first for every arm, and keep to the width", () => {
    const [first = ""] = terminal.split("\n");
    assert.match(first, /^nginx: This reload cut 2,000 of 2,000 clients/);
    assert.match(terminal, /^haproxy: This reload cut none of 2,000 clients/m);
    assert.match(terminal, /^caddy: .*\n.*\n?.*1,990 were not back/m);
    for (const width of [60, 80, 140]) {
      const lines = renderTerminalReport(document, { width, colour: false, detail: "full" }).split("\n");
      for (const line of lines) assert.ok(displayWidth(line) <= width, line);
    }
  });

  it("draw the course with its event marked", () => {
    assert.match(terminal, /The course of it: nginx/);
    assert.match(terminal, /clients connected/);
    assert.match(terminal, /openings begun in 100 ms/);
    assert.match(terminal, /100 ms in which the event came/);
  });

  it("are an HTML page with strips, and their numbers in a table", () => {
    const html = renderHtmlReport({ document, histograms: new Map(), configs: new Map() });
    assert.equal((html.match(/<svg class="strips"/g) ?? []).length, 3);
    assert.match(html, /class="event"/);
    assert.match(html, /Rollout: reload/);
  });

  it("are rows of CSV, test cases and gauges by the document's names", () => {
    const rows = renderCsv([document]).split("\r\n");
    const row = (metric: string): string | undefined => rows.find((line) => line.includes(`,${metric},`));
    assert.match(row("lost.count") ?? "", /,nginx,.*,lost\.count,count,2000,.*reload-at-once/);
    assert.match(row("lost.eof.proxy") ?? "", /,count,1996,/);
    assert.match(row("downMs.p99") ?? "", /,ms,344,/);
    assert.match(row("before.p99") ?? "", /,us,900,/);
    const junit = create(renderJunit(document)).end({ format: "object" }) as object;
    assert.match(JSON.stringify(junit), /nginx: reload, clients at-once, time 1/);
    assert.match(JSON.stringify(junit), /not-back/);
    const lost = runGauges(document).find(({ name }) => name === "rollout_lost");
    assert.deepEqual(
      lost?.samples.map(({ labels, value }) => [labels.arm, value]),
      [
        ["nginx", 2000],
        ["haproxy", 0],
        ["caddy", 2000],
      ],
    );
    const markdown = renderMarkdown(document, { report: terminal });
    assert.match(markdown, /This reload cut 2,000 of 2,000 clients/);
  });
});

describe("comparisons of rollouts", () => {
  const pair = { baseline: "nginx", candidate: "caddy", reconnect: "at-once", blocks: 6 } as const;
  const document = {
    ...rolloutDocument([makeRollout(), makeRollout(gone)]),
    rolloutComparisons: [
      { ...pair, metric: "lost", low: 12, high: 15, verdict: "worse", p: 0.02, blocksNeeded: 6 },
      {
        ...pair,
        metric: "downP50Ms",
        low: null,
        high: null,
        verdict: "inconclusive",
        p: null,
        blocksNeeded: 7,
      },
    ],
  } satisfies RunDocument;

  it("are rows of CSV, without those that were not measured", () => {
    const rows = renderCsv([document])
      .split("\r\n")
      .filter((line) => line.includes(",against nginx"));
    assert.deepEqual(
      rows.map((line) => line.slice(line.indexOf(",caddy,")).replace(/,+/g, ",")),
      [
        ",caddy,0,0,lost.difference.low,count,12,false,against nginx at-once,worse",
        ",caddy,0,0,lost.difference.high,count,15,false,against nginx at-once,worse",
        ",caddy,0,0,lost.p,share,0.02,false,against nginx at-once,worse",
        ",caddy,0,0,lost.blocks,count,6,false,against nginx at-once,worse",
        ",caddy,0,0,lost.blocksNeeded,count,6,false,against nginx at-once,worse",
        ",caddy,1,0,downP50Ms.blocks,count,6,false,against nginx at-once,inconclusive",
        ",caddy,1,0,downP50Ms.blocksNeeded,count,7,false,against nginx at-once,inconclusive",
      ],
    );
  });

  it("are gauges of the interval and of the verdict", () => {
    const gauges = new Map(runGauges(document).map(({ name, samples }) => [name, samples]));
    assert.deepEqual(
      gauges.get("rollout_lost_difference")?.map(({ labels, value }) => [labels.bound, value]),
      [
        ["low", 12],
        ["high", 15],
      ],
    );
    assert.equal(gauges.has("rollout_down_p50_difference_seconds"), false);
    const said = gauges.get("rollout_comparison_verdict")?.filter(({ value }) => value === 1);
    assert.deepEqual(
      said?.map(({ labels }) => [labels.metric, labels.verdict]),
      [
        ["lost", "worse"],
        ["downP50Ms", "inconclusive"],
      ],
    );
  });
});

const none = { p50: null, p99: null };
const unmeasured: Partial<Rollout> = {
  latencyUs: { before: none, during: none, after: none },
  slow: { aboveUs: 20_000, forMs: null },
};

describe("judgeRolloutSlos()", () => {
  const judged = (text: string, ...rollouts: Rollout[]): string =>
    judgeRolloutSlos(parseRolloutSlos(text), rollouts)
      .map(({ status, value }) => `${status} ${value}`)
      .join(", ");
  for (const [text, changes, wanted] of [
    ["lost == 0", quiet, "met 0"],
    ["lost == 0", {}, "missed 2000"],
    ["down.p99 < 500ms", {}, "met 344000"],
    ["down.p99 < 300ms", {}, "missed 344000"],
    ["down.p99 < 300ms", quiet, "met 0"],
    ["allBack < 5s", gone, "missed null"],
    ["burst < 1000", {}, "missed 1530"],
    ["during.p99 < 60ms", {}, "met 50000"],
    ["during.p99 < 60ms", unmeasured, "unknown null"],
    ["slow < 1s", unmeasured, "unknown null"],
  ] as const)
    it(`${text} is ${wanted}`, () => assert.equal(judged(text, makeRollout(changes)), wanted));

  it("is missed by one that was measured, whatever the others say", () => {
    const two = [makeRollout(unmeasured), makeRollout()];
    assert.equal(judged("during.p99 < 40ms", ...two), "missed 50000");
    assert.equal(judged("during.p99 < 60ms", ...two), "unknown 50000");
  });

  it("holds an arm by the worst of its times", () => {
    assert.equal(
      judged("lost == 0", makeRollout({ ...quiet, arm: "a" }), makeRollout({ arm: "a" })),
      "missed 2000",
    );
  });
});
