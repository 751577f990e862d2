/**
 * `if` and `unless` behind a rule: named ACLs and anonymous ones in braces, all of them or, after `or`, others.
 */
import type { ConfigLine } from "../language/config-tree.js";
import { type Criterion, judge, parseCriterion, type Truth } from "./criterion.js";
import type { RouteContext, RouteRequest } from "./request.js";

interface Term {
  readonly negated: boolean;
  /** A name, or what stands in braces. */
  readonly acl: string | Criterion | null;
}

export interface Condition {
  readonly isUnless: boolean;
  /** Any of these, of which all terms. */
  readonly alternatives: readonly (readonly Term[])[];
}

/** HAProxy's own names. */
const predefined: Readonly<Record<string, boolean>> = {
  TRUE: true,
  FALSE: false,
  HTTP: true,
  HTTP_1: true,
  "HTTP_1.0": false,
  "HTTP_1.1": true,
  "HTTP_2.0": false,
  HTTP_CONTENT: false,
  HTTP_URL_ABS: false,
  HTTP_URL_SLASH: true,
  HTTP_URL_STAR: false,
  LOCALHOST: true,
  METH_GET: true,
  METH_HEAD: false,
  METH_POST: false,
  METH_PUT: false,
  METH_DELETE: false,
  METH_OPTIONS: false,
  METH_CONNECT: false,
  METH_PATCH: false,
  METH_TRACE: false,
  REQ_CONTENT: true,
  WAIT_END: true,
};

/** The words before `if` or `unless`, and the condition; null where the rule always holds. */
export function splitCondition(args: readonly string[]): {
  readonly words: readonly string[];
  readonly condition: Condition | null;
} {
  const at = args.findIndex((word) => word === "if" || word === "unless");
  if (at === -1) return { words: args, condition: null };
  return {
    words: args.slice(0, at),
    condition: { isUnless: args[at] === "unless", alternatives: termsOf(args.slice(at + 1)) },
  };
}

function termsOf(words: readonly string[]): Term[][] {
  const alternatives: Term[][] = [[]];
  let negated = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "or" || word === "||") {
      alternatives.push([]);
      continue;
    }
    if (/^!+$/.test(word)) {
      negated = negated !== (word.length % 2 === 1);
      continue;
    }
    const marks = /^!*/.exec(word)?.[0] ?? "";
    const isNegated = negated !== (marks.length % 2 === 1);
    negated = false;
    const bare = word.slice(marks.length);
    if (bare !== "{") {
      alternatives.at(-1)?.push({ negated: isNegated, acl: bare });
      continue;
    }
    const end = words.indexOf("}", at);
    const inner = words.slice(at + 1, end === -1 ? words.length : end);
    alternatives.at(-1)?.push({ negated: isNegated, acl: parseCriterion(inner) });
    at = end === -1 ? words.length : end;
  }
  return alternatives;
}

export function holds(condition: Condition | null, request: RouteRequest, context: RouteContext): Truth {
  if (condition === null) return true;
  const truth = anyTrue(
    condition.alternatives.map((terms) =>
      not(anyTrue(terms.map((term) => not(termHolds(term, request, context))))),
    ),
  );
  return condition.isUnless ? not(truth) : truth;
}

function termHolds({ negated, acl }: Term, request: RouteRequest, context: RouteContext): Truth {
  const truth = typeof acl === "string" ? named(acl, request, context) : acl && judge(acl, request, context);
  return negated ? not(truth) : truth;
}

function named(name: string, request: RouteRequest, context: RouteContext): Truth {
  const lines = context.acls(name);
  if (lines.length === 0) return predefined[name] ?? null;
  return anyTrue(
    lines.map(({ args }) => {
      const criterion = parseCriterion(args.slice(1));
      return criterion && judge(criterion, request, context);
    }),
  );
}

function anyTrue(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}

function not(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

/** Every condition that a rule looks at, named ones looked up. */
export function criteriaOf(
  condition: Condition | null,
  acls: (name: string) => readonly ConfigLine[],
): readonly Criterion[] {
  return (condition?.alternatives ?? []).flat().flatMap(({ acl }) => {
    if (acl === null) return [];
    if (typeof acl !== "string") return [acl];
    return acls(acl).flatMap(({ args }) => parseCriterion(args.slice(1)) ?? []);
  });
}
