/** A probe in every format but the terminal's. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromMarkdown } from "mdast-util-from-markdown";
import { SaxesParser } from "saxes";
import { renderProbeBadge } from "#wsrally/report/ci/badge.js";
import { codeQualityText } from "#wsrally/report/ci/code-quality-report.js";
import { openMetricsText } from "#wsrally/report/ci/openmetrics-report.js";
import { renderProbePage } from "#wsrally/report/html/render-probe-page.js";
import { renderProbeCsv } from "#wsrally/report/probe/probe-csv.js";
import { probeGauges } from "#wsrally/report/probe/probe-gauges.js";
import { renderProbeJunit } from "#wsrally/report/probe/probe-junit.js";
import { renderProbeMarkdown } from "#wsrally/report/probe/probe-markdown.js";
import { probeRemarks } from "#wsrally/report/probe/probe-remarks.js";
import { renderProbeReport } from "#wsrally/report/probe/probe-report.js";
import type { ProbeDocument } from "#wsrally/results/probe-document.js";
import { attacks } from "./html/stored-runs.js";
import { makeFinding, makeProbe, mixedProbe } from "./probe-documents.js";

/** As if the repository held this file alone. */
const locate = (file: string): string | null => (file === "site.conf" ? file : null);
const markdownOf = (document: ProbeDocument): string =>
  renderProbeMarkdown(document, {
    report: renderProbeReport(document, { width: 80, colour: false, detail: "full" }),
  });

/** A probe all of whose texts attack the reader. */
const hostileProbe = ((): ProbeDocument => {
  const all = attacks.join(" ");
  const findings = (["fault", "warning", "not-tested", "ok"] as const).map((status) =>
    makeFinding("path", status, { title: all, evidence: [...attacks], cause: all, cure: `${all}\n${all}` }),
  );
  const probe = makeProbe(findings);
  const proxy = { kind: all, version: all, configSha256: null, build: all, changes: [...attacks] };
  return {
    ...probe,
    runId: all,
    arm: { name: all, arm: `nginx:${all}`, set: { [all]: all }, path: all, proxy },
  };
})();

describe("a probe as HTML", () => {
  const page = renderProbePage(mixedProbe);

  it("has the answer as its headline, in the colour of the worst finding", () => {
    const headOf = (document: ProbeDocument): string =>
      /<div class="verdict (\w+)"><h1 class="answer">([^<]*)/
        .exec(renderProbePage(document))
        ?.slice(1)
        .join(": ") ?? "";
    assert.equal(
      headOf(mixedProbe),
      "red: WebSockets do not get through: the upgrade is lost on its way to the backend, which sees a plain request",
    );
    const warned = makeProbe([makeFinding("limit-req", "warning", { title: "a limit" })]);
    assert.equal(headOf(warned), "yellow: WebSockets get through; to be looked at: a limit");
    assert.equal(headOf(makeProbe([])), "green: WebSockets get through: no fault found");
  });

  it("has faults, warnings, notes, what was not tested and what is well, in this order", () => {
    const sections = [...page.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id);
    assert.deepEqual(sections, ["faults", "warnings", "notes", "not-tested", "ok", "environment"]);
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    assert.deepEqual(
      levels.filter((level) => level === 1),
      [1],
    );
    assert.ok(levels.every((level, i) => i === 0 || level <= (levels[i - 1] ?? 0) + 1));
  });

  it("gives a fault's evidence, cause and cure, the cure's lines to be pasted apart", () => {
    assert.match(page, /<span class="badge red">fault<\/span> the upgrade is lost/);
    assert.match(page, /<li>backend received: GET \/sock HTTP\/1\.1, no Upgrade, no Connection<\/li>/);
    assert.match(page, /<strong>cause:<\/strong> nginx passes neither/);
    assert.match(
      page,
      /<pre [^>]*>proxy_set_header Upgrade \$http_upgrade;\nproxy_set_header Connection &quot;upgrade&quot;;<\/pre>/,
    );
    assert.ok(page.includes("idle-timeout, idle-rearm:</span> --idle measures it"));
  });

  it("writes texts from outside as texts", () => {
    const hostile = renderProbePage(hostileProbe);
    assert.doesNotMatch(hostile, /<script|<img|<svg|<!--|<b>|\u2028/);
    assert.ok([...hostile.matchAll(/\bhref="([^"]*)"/g)].every(([, target]) => target?.startsWith("#")));
  });
});

describe("a probe as Markdown", () => {
  it("begins with the counts and the answer, then faults and warnings, the whole report folded away", () => {
    const text = markdownOf(mixedProbe);
    const order = [
      "### wsrally probe of nginx-site: 1 fault, 1 warning",
      "WebSockets do not get through: the upgrade is lost",
      "**fault** the upgrade is lost",
      "proxy_set_header Upgrade $http_upgrade;",
      "**warning** Host arrives as app",
      "<summary>The whole report",
    ];
    const places = order.map((part) => text.indexOf(part));
    assert.ok(
      places.every((place, i) => place > (places[i - 1] ?? -1)),
      places.join(),
    );
  });

  it("stays within a comment, and text stays text", () => {
    const findings = Array(300).fill(hostileProbe.findings[0]);
    const text = markdownOf({ ...hostileProbe, findings });
    assert.ok(Buffer.byteLength(text) < 65_536);
    const html: string[] = [];
    const visit = (node: { type: string; value?: string; children?: object[] }): void => {
      if (node.type === "html") html.push(node.value ?? "");
      for (const child of node.children ?? []) visit(child as typeof node);
    };
    visit(fromMarkdown(text));
    assert.deepEqual(
      html.filter((value) => !/^(<!-- -->|<details><summary>.*|<\/details>)$/s.test(value)),
      [],
    );
  });
});

describe("a probe as JUnit", () => {
  it("has a case for each finding, of which faults alone fail", () => {
    const text = renderProbeJunit(mixedProbe);
    const cases = [...text.matchAll(/<testcase [^>]*name="([^"]*)">\s*<(\S+?)[ >]/g)].map(
      ([, ...found]) => found,
    );
    assert.deepEqual(cases, [
      ["config-refused", "system-out"],
      ["header-host", "system-out"],
      ["upgrade-headers", "failure"],
      ["idle-timeout", "skipped"],
      ["idle-rearm", "skipped"],
      ["path", "system-out"],
      ["buffering", "system-out"],
    ]);
    assert.match(text, /tests="7" failures="1" errors="0" skipped="2" time="4\.000"/);
    assert.match(text, /type="fault">client sent: [\s\S]*cause: nginx passes[\s\S]*cure: in `location/);
  });

  it("is XML 1.0 whatever the texts are", () => {
    const parser = new SaxesParser();
    parser.on("error", (error) => assert.fail(error));
    parser.write(renderProbeJunit(hostileProbe)).close();
  });
});

describe("a probe for machines", () => {
  it("is a row for each finding in CSV", () => {
    const [header, ...rows] = renderProbeCsv([mixedProbe]).trim().split("\r\n");
    assert.equal(header, "run,arm,path,finding,status,side,title,evidence,cause,cure");
    assert.equal(rows.length, mixedProbe.findings.length);
    assert.match(rows[2] ?? "", /,nginx-site,\/sock,upgrade-headers,fault,proxy,/);
  });

  it("is an issue for each fault and warning in Code Quality, on the line that its cure names", () => {
    const issues = JSON.parse(codeQualityText(probeRemarks(mixedProbe, locate), "nginx-site"));
    assert.deepEqual(
      issues.map(({ check_name, severity, location }: Record<string, unknown>) => [
        check_name,
        severity,
        location,
      ]),
      [
        ["wsrally/upgrade-headers", "major", { path: "site.conf", lines: { begin: 3 } }],
        ["wsrally/header-host", "minor", { path: "site.conf", lines: { begin: 3 } }],
      ],
    );
  });

  it("is a badge of how many faults and warnings there are", () => {
    assert.match(renderProbeBadge(mixedProbe), /"message": "1 fault, 1 warning",\s+"color": "red"/);
    assert.match(renderProbeBadge(makeProbe([])), /"message": "no fault",\s+"color": "brightgreen"/);
  });

  it("is a gauge for each finding that was looked at in OpenMetrics", async () => {
    const text = await openMetricsText(probeGauges(mixedProbe));
    assert.match(
      text,
      /^wsrally_finding\{arm="nginx-site",finding="upgrade-headers",status="fault",side="proxy"\} 1$/m,
    );
    assert.doesNotMatch(text, /not-tested/);
    assert.match(text, /# EOF\n$/);
  });
});
