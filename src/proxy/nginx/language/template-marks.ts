/**
 * What gives a template away that was not rendered: marks that nginx trips over, or takes for themselves where a name,
 * an address or a path stands. A variable of nginx's own is none.
 */
import { UsageError } from "../../../base/errors.js";
import { endOfLuaBlock } from "./lua-block.js";
import { type Directive, type Origin, placeOf, walk } from "./nginx-tree.js";

export interface TemplateMark {
  /** "{{settings}}", or the directive that it stands in. */
  readonly text: string;
  readonly origin: Origin;
}

/** Of Jinja, Mustache, Go, Helm, Twig; ERB, EJS; PHP; ISPConfig; Octopus and Ruby; make. nginx has no use for any. */
const hardMarks =
  /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<%.*?%>|<\?(?:php\b|=)|<\/?tmpl_\w+|\$\{\{|#\{\w+\}|\$\(\w+\)/;
/** Of compose and Terraform: more than a name between the braces. */
const openMarks = /\$\{(?!\w+\})[^}\s]*\}|\$\$[{\w]/;
/** Of Mako and Penlight: what a line begins with. */
const lineMarks = /^\s*(?:%|>)\s*\w+/;
/** A name between braces alone, which nginx takes for a block. */
const braceMarks = /(?<![$\w{}])\{\$?[A-Za-z_][\w.]*\}(?!\})/;
/** Where a name, an address or a path stands, between delimiters. */
const nameMarks =
  /(?:^|[\s/:.@-])(%[A-Za-z_][\w.-]*%|@@?[A-Z][A-Z0-9_]+@@?|__[A-Z][A-Z0-9_]*__|<[A-Za-z][\w .-]*>|\{\$?[A-Za-z_]\w*\}|\[\[ ?[\w.]+ ?\]\]|\(\([\w.-]+\)\))(?=$|[\s/:.;-])/;

/** Hold texts that somebody else reads. */
const textDirectives =
  /^(return|rewrite|(subs?|replace)_filter|log_format|add_header|add_trailer|echo\w*|more_\w+_headers|proxy_set_body|if|js_\w+|perl\w*)$/;
/** Take no variable, so that nginx takes one for itself. */
const plainDirectives =
  /^(listen|location|upstream|server|server_name|include|worker_\w+|user|pid|error_log)$/;
const nameDirectives =
  /^(listen|location|upstream|server|server_name|include|proxy_pass|root|alias|access_log|error_log|(proxy_|grpc_)?ssl_(trusted_)?(client_)?certificate(_key)?|set|resolver|user)$/;

/** In a text that is no config, outside of comments, quotes and Lua. */
export function markInText(text: string, file: string): TemplateMark | null {
  const bare = withoutLua(text).split("\n").map(withoutQuotes);
  const patterns = [hardMarks, openMarks, lineMarks, nameMarks, braceMarks];
  for (const [index, line] of bare.entries()) {
    const found = patterns.map((pattern) => pattern.exec(line)).find((match) => match !== null);
    if (found != null) return { text: (found[1] ?? found[0]).trim(), origin: { file, line: index + 1 } };
  }
  return null;
}

function withoutLua(text: string): string {
  const start = /_by_lua_block\s*\{/g;
  let kept = "";
  let at = 0;
  for (const match of text.matchAll(start)) {
    if (match.index < at) continue;
    const from = match.index + match[0].length;
    const end = endOfLuaBlock(text, from) ?? text.length;
    // The lines are counted.
    kept += text.slice(at, from) + text.slice(from, end).replace(/[^\n]/g, " ");
    at = end;
  }
  return kept + text.slice(at);
}

function withoutQuotes(line: string): string {
  return line.replace(/(^|\s)#(?!\{).*$/, "$1").replace(/"[^"]*"|'[^']*'/g, '""');
}

/** In a config that is well-formed: the first directive that holds one. */
export function markInTree(tree: readonly Directive[]): TemplateMark | null {
  const defined = variablesOf(tree);
  for (const { node } of walk(tree)) {
    const { name, args, origin } = node;
    if (origin === null) continue;
    const isMarked =
      isMarkedName(name) || holdsMark(node) || args.some((word) => isOpen(word, node, defined));
    if (isMarked) return { text: [name, ...args].join(" "), origin };
  }
  return null;
}

function isMarkedName(name: string): boolean {
  return /^(%|<[%?]|<\/?tmpl_|@@|__[A-Z]|\[\[|>$|\$\{\w+\}$|\$[A-Z][A-Z0-9_]+$)/.test(name);
}

/** A mark may be cut into words. */
function holdsMark({ name, args }: Directive): boolean {
  const text = args.join(" ");
  if (!textDirectives.test(name) && (hardMarks.test(text) || openMarks.test(text))) return true;
  return nameDirectives.test(name) && !isPattern(text) && nameMarks.test(text);
}

/** A regular expression, of a location or a server's name. */
function isPattern(text: string): boolean {
  return /^~|\s~/.test(text);
}

/** Whether a variable is none of nginx's. */
function isOpen(word: string, { name, args }: Directive, defined: ReadonlySet<string>): boolean {
  const isPlain = plainDirectives.test(name) && !isPattern(args.join(" "));
  return [...word.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)].some(([, braced, bare = ""]) => {
    const variable = braced ?? bare;
    if (isPlain) return variable !== "hostname" && !/^\d/.test(variable);
    // nginx makes no difference between upper and lower case.
    return /^[A-Z][A-Z0-9_]+$/.test(variable) && !isVariable(variable.toLowerCase(), defined);
  });
}

/** Names that begin like this are nginx's own. */
const ownVariables =
  /^(arg|http|cookie|sent|upstream|ssl|proxy|request|server|remote|realip|geoip|geoip2|time|tcpinfo|connection|body|bytes|content|document|limit|query|uid|date|secure|spdy|http2|fastcgi|jwt|wsrally)(_\w+)?$|^(args|binary_remote_addr|gzip_ratio|host|hostname|https|is_args|is_request_port|msec|msie|ancient_browser|modern_browser|nginx_version|pid|pipe|protocol|realpath_root|scheme|session_\w+|slice_range|status|uri)$/;

function isVariable(name: string, defined: ReadonlySet<string>): boolean {
  return ownVariables.test(name) || defined.has(name);
}

const definers = new Set(["set", "auth_request_set", "js_set", "js_var", "perl_set", "geoip2", "set_by_lua"]);

function variablesOf(tree: readonly Directive[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (word: string): void => void names.add(word.replace(/^\$\{?|\}$/g, "").toLowerCase());
  for (const { node } of walk(tree)) {
    const { name, args, block } = node;
    if (definers.has(name) || name.startsWith("set_")) add(args[0] ?? "");
    if (block !== null) for (const word of args) if (word.startsWith("$")) add(word);
    // Named groups of a regular expression.
    for (const word of args) for (const [, group = ""] of word.matchAll(/\(\?P?[<'](\w+)[>']/g)) add(group);
  }
  return names;
}

/** Where nginx takes it as it stands. */
export class UnrenderedTemplateError extends UsageError {
  readonly mark: TemplateMark;

  constructor(file: string, mark: TemplateMark) {
    super(
      `Cannot run ${file}: it is a template, by \`${mark.text}\` at ${placeOf(mark.origin)}; render it first`,
    );
    this.mark = mark;
  }
}
