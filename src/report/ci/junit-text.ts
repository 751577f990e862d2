/** Test cases as JUnit XML, which CI systems show beside their tests. */
import { create } from "xmlbuilder2";
import { escapeControls } from "../draw/plain-text.js";
import type { TestCase } from "./junit-case.js";

interface TestSuite {
  readonly name: string;
  /** As a document has it. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly cases: readonly TestCase[];
}

/** The document, ending in a newline. */
export function junitText(given: TestSuite): string {
  const cases = given.cases.map(withoutControls);
  const count = (outcome: TestCase["outcome"]): number =>
    cases.filter((one) => one.outcome === outcome).length;
  const totals = {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: Math.max(0, given.seconds).toFixed(3),
  };
  const name = escapeControls(given.name);
  const root = create({ version: "1.0", encoding: "UTF-8", invalidCharReplacement: "?" });
  const suites = root.ele("testsuites", { name: "wsrally", ...totals });
  const timestamp = given.startedAt.replace(/(\.\d+)?Z$/, "");
  const suite = suites.ele("testsuite", { name, ...totals, timestamp });
  for (const { name: title, type, outcome, message, details } of cases) {
    const element = suite.ele("testcase", { classname: `wsrally.${name}`, name: title });
    const text = details.join("\n");
    if (outcome === "failure") element.ele("failure", { message, type }).txt(text);
    else if (outcome === "error") element.ele("error", { message, type }).txt(text);
    else if (outcome === "skipped") element.ele("skipped", { message });
    if (outcome === "passed" || outcome === "skipped") {
      element.ele("system-out").txt([message, ...details].join("\n"));
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function withoutControls({ name, type, outcome, message, details }: TestCase): TestCase {
  return {
    name: escapeControls(name),
    type,
    outcome,
    message: escapeControls(message),
    details: details.map(escapeControls),
  };
}
