/**
 * A rule that turns a client away beyond a number of connections, or a rate of them, that a stick table counts.
 */
import type { ConfigLine } from "../language/config-tree.js";
import { criteriaOf, splitCondition } from "./condition.js";
import type { Criterion } from "./criterion.js";

export interface ClientLimit {
  readonly line: ConfigLine;
  readonly criterion: Criterion;
  /** More than this is turned away. */
  readonly value: number;
  readonly isRate: boolean;
}

const turnsAway = /^(?:deny|tarpit|reject|silent-drop|return)$/;
const counted =
  /^(?:sc\d?_|src_)(conn_cur|conn_rate|http_req_rate|sess_rate|conn_cnt|http_req_cnt|glitch_rate)$/;

/** @param lines of the section and of its defaults, where named conditions stand */
export function limitsIn(line: ConfigLine, lines: readonly ConfigLine[]): ClientLimit[] {
  if (line.name !== "http-request" && line.name !== "tcp-request") return [];
  const { words, condition } = splitCondition(line.args);
  if (!words.some((word) => turnsAway.test(word))) return [];
  const named = (name: string): readonly ConfigLine[] =>
    lines.filter((one) => one.name === "acl" && one.args[0] === name);
  return criteriaOf(condition, named).flatMap((criterion) => {
    const what = counted.exec(criterion.expression.fetch.name)?.[1];
    const [operator = "", number = ""] = criterion.patterns;
    if (what === undefined || !/^g[et]$/.test(operator)) return [];
    const value = Number(number) - (operator === "ge" ? 1 : 0);
    return [{ line, criterion, value, isRate: what.endsWith("_rate") }];
  });
}
