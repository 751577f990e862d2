/**
 * Conditions that a browser's request does not fulfil though they mean it: upper and lower case, commas, ports.
 */
import { type ConfigLine, lineText } from "../language/config-tree.js";
import { scopesOf } from "../language/effective.js";
import { splitCondition } from "../route/condition.js";
import { type Criterion, judge, parseCriterion } from "../route/criterion.js";
import type { RouteStep } from "../route/follow-route.js";
import { type ConfigView, written } from "./config-view.js";

export interface NearMiss {
  /** The rule that does not hold. */
  readonly rule: ConfigLine;
  /** Where the condition stands: an `acl` line, or the rule itself. */
  readonly line: ConfigLine;
  readonly cause: string;
  readonly cure: string;
}

/** Of rules that choose a backend, in their order. */
export function nearMisses(view: ConfigView): readonly NearMiss[] {
  return (view.route?.steps ?? [])
    .filter(({ line, truth }) => line.name === "use_backend" && truth === false)
    .flatMap((step) => missesOf(view, step));
}

function missesOf(view: ConfigView, { line: rule, section }: RouteStep): NearMiss[] {
  const lines = scopesOf(section, view.tree).flatMap((scope) => scope.lines);
  const { condition } = splitCondition(rule.args);
  const terms = (condition?.alternatives ?? []).flat().filter(({ negated }) => !negated);
  return terms.flatMap(({ acl }) => {
    if (acl === null) return [];
    const named =
      typeof acl === "string"
        ? lines
            .filter((one) => one.name === "acl" && one.args[0] === acl)
            .map((line) => ({ line, criterion: parseCriterion(line.args.slice(1)) }))
        : [{ line: rule, criterion: acl }];
    return named.flatMap(({ line, criterion }) =>
      criterion === null ? [] : missOf(view, { rule, line, criterion }),
    );
  });
}

interface Looked {
  readonly rule: ConfigLine;
  readonly line: ConfigLine;
  readonly criterion: Criterion;
}

function missOf(view: ConfigView, { rule, line, criterion }: Looked): NearMiss[] {
  const { route } = view;
  if (route === null) return [];
  const context = { readLines: () => null, acls: () => [] };
  const now = judge(criterion, route.request, context);
  const anyCase = judge({ ...criterion, ignoresCase: true }, route.request, context);
  const { fetch } = criterion.expression;
  const header = (fetch.args[0] ?? "").toLowerCase();
  if (now !== false) return [];
  if (anyCase === true) {
    const seen =
      header === "upgrade"
        ? "browsers send `websocket`"
        : header === ""
          ? `${route.path} is asked for`
          : "it is sent otherwise";
    return [
      {
        rule,
        line,
        cause: `${written(line)} looks at upper and lower case, and ${seen}`,
        cure: `with -i:\n${lineText(withFlag(line, criterion))}`,
      },
    ];
  }
  if (header === "connection" && criterion.patterns.some((pattern) => /,|keep-alive/i.test(pattern))) {
    return [
      {
        rule,
        line,
        cause:
          `${written(line)} never holds: hdr() looks at each value between commas, and HAProxy takes keep-alive out ` +
          "of Connection before any rule sees it",
        cure: "hdr(Connection) -i upgrade",
      },
    ];
  }
  return [];
}

function withFlag(line: ConfigLine, { patterns }: Criterion): ConfigLine {
  const [first = ""] = patterns;
  const at = line.args.indexOf(first);
  return { ...line, args: [...line.args.slice(0, at), "-i", ...line.args.slice(at)] };
}
