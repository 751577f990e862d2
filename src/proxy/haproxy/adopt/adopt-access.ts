/**
 * What turns a client away for who it is: passwords, address lists, client certificates. A measurement takes them out of the
 * way, and lets limits on numbers and rates stand.
 */
import {
  type ConfigLine,
  type ConfigTree,
  isProxy,
  lineText,
  rewriteLines,
  type Section,
} from "../language/config-tree.js";
import { criteriaOf, splitCondition } from "../route/condition.js";
import { answerOf } from "../route/rule-effects.js";
import type { Adoption } from "./adoption.js";

export function adoptAccess(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (line, section) => {
    if (!isProxy(section) && section.kind !== "defaults") return [line];
    if (!turnsAwayByClient(line, section)) return [line];
    adoption.note(`\`${lineText(line)}\` was left out: the generator is not whom it lets in`, line.place);
    return [];
  });
}

function turnsAwayByClient(line: ConfigLine, section: Section): boolean {
  if (line.name !== "http-request" && line.name !== "tcp-request") return false;
  const { words, condition } = splitCondition(line.args);
  const rule = line.name === "tcp-request" ? words.slice(1) : words;
  const answer = answerOf(rule)?.how;
  if (answer === "auth") return true;
  if (answer === undefined || answer === "redirect" || answer === "service") return false;
  const fetches = criteriaOf(condition, (name) =>
    section.lines.filter((one) => one.name === "acl" && one.args[0] === name),
  ).map(({ expression }) => expression.fetch);
  return fetches.some(
    ({ name, args }) =>
      /^(?:src|http_auth\w*|ssl_c_\w+|ssl_fc_has_crt)$/.test(name) ||
      (/hdr$/.test(name) && /^(?:authorization|x-forwarded-for|x-real-ip)$/i.test(args[0] ?? "")),
  );
}
