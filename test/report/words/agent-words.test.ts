/** The hosts that took part in a run, wherever it is told. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import { agentWords } from "#wsrally/report/words/agent-words.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { makeArm, oneArmDocument } from "../run-documents.js";

type Agent = NonNullable<RunDocument["environment"]["agents"]>[number];

function agent(name: string, changes: Partial<Agent> = {}): Agent {
  const role = name.startsWith("proxy") ? "proxy" : "load";
  return { name, role, host: `lab-${name.at(-1)}`, offsetUs: 1, rttUs: 300, startSkewUs: null, ...changes };
}

/** @param on the proxy's agent; null for this machine */
function documentOf(agents: readonly Agent[], on: string | null): RunDocument {
  const { environment, arms } = oneArmDocument;
  const [first = makeArm("a")] = arms;
  const proxy = { ...first.proxy, ...(on === null ? {} : { agent: on }) };
  return {
    ...oneArmDocument,
    environment: { ...environment, agents: [...agents] },
    arms: [{ ...first, proxy }],
  };
}

const both = { role: "both", startSkewUs: 900 } as const;

describe("the hosts of a run", () => {
  const told: readonly (readonly [Agent[], string | null, string | null])[] = [
    [[], null, null],
    [[agent("load-1")], null, "load by load-1 (lab-1)"],
    [[agent("proxy-3")], "proxy-3", "proxies on proxy-3 (lab-3)"],
    [
      [agent("load-1"), agent("load-2"), agent("proxy-3")],
      "proxy-3",
      "load by load-1 (lab-1) and load-2 (lab-2), proxies on proxy-3 (lab-3)",
    ],
    [[agent("both-1", both)], "both-1", "load by both-1 (lab-1), proxies on both-1 (lab-1)"],
    [[agent("both-1", both)], null, "load by both-1 (lab-1)"],
    [
      [1, 2, 3, 4, 5, 6].map((number) => agent(`load-${number}`, { host: `load-${number}` })),
      null,
      "load by load-1, load-2, load-3, load-4 and 2 more",
    ],
  ];
  for (const [agents, on, words] of told)
    it(String(words), () => {
      assert.equal(agentWords(documentOf(agents, on)), words);
    });

  it("are named on the screen, in the whole report, in Markdown and in HTML, and the arm's by its proxy", () => {
    const document = documentOf([agent("load-1"), agent("proxy-3")], "proxy-3");
    const words = /load by load-1 \(lab-1\),\s+proxies\s+on\s+proxy-3\s+\(lab-3\)/;
    const options = { width: 100, colour: false };
    const full = renderTerminalReport(document, { ...options, detail: "full" });
    assert.match(renderTerminalReport(document, options), words);
    for (const report of [
      full,
      renderMarkdown(document, { report: full }),
      renderHtmlReport({ document, histograms: new Map(), configs: new Map() }),
    ]) {
      assert.match(report, words);
      assert.match(report, / on proxy-3\b(?! \()/);
    }
  });
});
