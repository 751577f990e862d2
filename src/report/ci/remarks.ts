/**
 * What a run has to say about single lines of the configs it measured: GitHub's annotations and GitLab's Code Quality
 * are made from it.
 */
import { changedLines } from "../../results/changed-lines.js";
import type { GatePair, GateResult, Regression } from "../../results/gate-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { configFileOf } from "../../scenario/proxy-kind.js";
import { escapeControls } from "../draw/plain-text.js";
import { sloValue, whyUnknown } from "../run/slo-section.js";
import { isJudged } from "../run/verdict-section.js";
import { comparedWords, marginText } from "../words/compared-words.js";

export interface Place {
  /** From the repository's root, with slashes. */
  readonly file: string;
  readonly line: number;
}

export interface Remark {
  readonly level: "error" | "warning";
  /** What was checked, by a name that stays: a finding's id, a metric, `slo`, `failures.eof`, `gate`. */
  readonly check: string;
  /** What tells it from others of its check, and stays from run to run: the arm and the like. */
  readonly about: string;
  readonly title: string;
  /** Without control characters but for line feeds. */
  readonly message: string;
  /** Null where it is about no file of the repository. */
  readonly place: Place | null;
}

/** Takes a file as the run calls it to its path from the repository's root; null when it is none of its files. */
export type Locate = (file: string) => string | null;

/** The weightiest first. */
export function remarksOf(document: RunDocument, locate: Locate): Remark[] {
  const { gate } = document;
  const remarks = gate === undefined ? runRemarks(document, locate) : gateRemarks(document, gate, locate);
  const clean = remarks.map((one) => ({
    ...one,
    title: escapeControls(one.title),
    message: one.message.split("\n").map(escapeControls).join("\n"),
  }));
  return [
    ...clean.filter(({ level }) => level === "error"),
    ...clean.filter(({ level }) => level !== "error"),
  ];
}

function gateRemarks(document: RunDocument, gate: GateResult, locate: Locate): Remark[] {
  const { pairs, outcome, causes, reasons } = gate;
  const found = pairs.flatMap((pair) =>
    pair.regressions.map((regression) => regressionRemark(regression, pair, { document, locate })),
  );
  const placeFor = (candidate: string | null): Place | null => {
    const pair = pairs.find((one) => one.candidate === candidate) ?? pairs[0];
    return pair === undefined ? null : changedPlace(pair, { document, locate });
  };
  if (outcome === "passed") return found;
  if (outcome === "inconclusive") {
    const [first] = causes;
    const open: Remark = {
      level: gate.inconclusive === "fail" ? "error" : "warning",
      check: "gate",
      about: "inconclusive",
      title: "wsrally gate: inconclusive",
      message: reasons.join("\n"),
      place: placeFor(first?.candidate ?? null),
    };
    return [...found, open];
  }
  // A failed gate has a reason for each of its causes, in their order.
  const measured = causes.flatMap(({ kind, candidate, about }, index): Remark[] => {
    if (kind === "finding") return [];
    return [
      {
        level: "error",
        check: kind === "slo" ? "slo" : kind === "failures" ? `failures.${about ?? ""}` : (about ?? kind),
        about: `${candidate ?? ""} ${about ?? ""}`,
        title: `wsrally gate: ${titles[kind] ?? "failed"}`,
        message: reasons[index] ?? reasons.join("\n"),
        place: placeFor(candidate),
      },
    ];
  });
  return [...found, ...measured];
}

const titles: Readonly<Record<string, string>> = {
  worse: "slower than its baseline",
  failures: "connections or messages fail",
  slo: "an SLO is missed",
};

interface Surroundings {
  readonly document: RunDocument;
  readonly locate: Locate;
}

function regressionRemark(regression: Regression, pair: GatePair, around: Surroundings): Remark {
  const { id, title, evidence, cause, cure, fails } = regression;
  return {
    level: fails ? "error" : "warning",
    check: id,
    about: pair.candidate,
    title: `wsrally: ${title}`,
    message: [
      ...evidence,
      ...(cause === null ? [] : [`cause: ${cause}`]),
      ...(cure === null ? [] : [`cure: ${cure}`]),
    ].join("\n"),
    place: placeNamed([cure, cause, ...evidence], around.locate) ?? changedPlace(pair, around),
  };
}

/** The first `FILE:LINE` of a text that is a file of the repository. */
export function placeNamed(texts: readonly (string | null)[], locate: Locate): Place | null {
  for (const text of texts) {
    for (const [, name = "", line] of (text ?? "").matchAll(/([^\s`'"(),;]+):(\d{1,7})\b/g)) {
      const file = locate(name);
      if (file !== null) return { file, line: Number(line) };
    }
  }
  return null;
}

/** The first line that the candidate changed; else the first of its config. */
function changedPlace({ diff, candidate }: GatePair, { document, locate }: Surroundings): Place | null {
  for (const { file: name, patch } of diff) {
    const file = locate(name);
    const [line] = changedLines(patch);
    if (file !== null && line !== undefined) return { file, line };
  }
  return configPlace(candidate, { document, locate });
}

function configPlace(arm: string, { document, locate }: Surroundings): Place | null {
  return firstLineOf(document.scenario.arms.find(({ name }) => name === arm)?.arm ?? "", locate);
}

/** Of an arm's config, where it is a file of the repository. @param text the arm as it would be typed */
export function firstLineOf(text: string, locate: Locate): Place | null {
  const name = configFileOf(text);
  const file = name === null ? null : locate(name);
  return file === null ? null : { file, line: 1 };
}

/** Verdicts fail no run; a missed SLO does. */
function runRemarks(document: RunDocument, locate: Locate): Remark[] {
  const { slo = [], comparisons } = document;
  const around = { document, locate };
  const ofSlos = slo
    .filter(({ status }) => status !== "met")
    .map(
      (one): Remark => ({
        level: one.status === "missed" ? "error" : "warning",
        check: "slo",
        about: `${one.arm} ${one.expression}`,
        title: `wsrally: an SLO is ${one.status === "missed" ? "missed" : "not proven"}`,
        message:
          one.status === "missed"
            ? `${one.arm} misses ${one.expression}: ${sloValue(one.value, one)}`
            : `${one.arm}: ${one.expression} is not proven: ${whyUnknown(one)}`,
        place: configPlace(one.arm, around),
      }),
    );
  const ofComparisons = comparisons
    .filter((one) => one.verdict === "worse" && isJudged(one, document))
    .map((one): Remark => {
      const { baseline, candidate, metric } = one;
      return {
        level: "warning",
        check: metric,
        about: `${candidate} ${baseline}`,
        title: "wsrally: worse than its baseline",
        message: `${comparedWords(one)}, margin ${marginText(one)}`,
        place: configPlace(candidate, around),
      };
    });
  return [...ofSlos, ...ofComparisons];
}
