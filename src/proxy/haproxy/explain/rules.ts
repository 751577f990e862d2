/**
 * The rules that a request passed, by what they do to it: to a header, to the path, or instead of passing it on.
 */
import type { ConfigLine } from "../language/config-tree.js";
import { effectiveRules } from "../language/effective.js";
import { splitCondition } from "../route/condition.js";
import type { ConfigView } from "./config-view.js";

const headerActions = /^(?:set|add|del|replace)-header$|^replace-value$/;
const pathActions = /^(?:set|replace)-(?:path|pathq|uri|query)$|^normalize-uri$/;

/** `http-request` rules that held, or of which nobody can tell, and that touch a header of this name. */
export function requestHeaderRules(view: ConfigView, header: string): readonly ConfigLine[] {
  return passed(view).filter((line) => line.name === "http-request" && touches(line, header));
}

/** `http-response` and `http-after-response` rules about a header; their conditions are not looked at. */
export function responseHeaderRules({ tree, route }: ConfigView, header: string): readonly ConfigLine[] {
  const sections = (route?.stages ?? []).flatMap(({ frontend, backend }) => [frontend, backend]);
  return [...new Set(sections)]
    .filter((section) => section !== null)
    .flatMap((section) =>
      ["http-response", "http-after-response"].flatMap((name) => effectiveRules(section, tree, name)),
    )
    .filter((line) => touches(line, header));
}

export function pathRules(view: ConfigView): readonly ConfigLine[] {
  return passed(view).filter(({ name, args }) => name === "http-request" && pathActions.test(args[0] ?? ""));
}

function passed({ route }: ConfigView): readonly ConfigLine[] {
  return (route?.steps ?? []).filter(({ truth }) => truth !== false).map(({ line }) => line);
}

function touches(line: ConfigLine, header: string): boolean {
  const { words } = splitCondition(line.args);
  const [action = "", name = "", flag, method] = words;
  if (!headerActions.test(action)) return false;
  const [wanted, given] = [header.toLowerCase(), name.toLowerCase()];
  if (flag !== "-m") return wanted === given;
  if (method === "beg") return wanted.startsWith(given);
  if (method === "end") return wanted.endsWith(given);
  return method === "sub" ? wanted.includes(given) : wanted === given;
}
