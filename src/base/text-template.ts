/**
 * Texts with places in them: `${env:NAME}` stands for a variable of the environment, `{{column}}` for what each connection has
 * of its own. Pure.
 */

type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "column"; readonly name: string };

const places = /\$\{env:([A-Za-z_]\w*)\}|\{\{\s*([^{}\s](?:[^{}]*[^{}\s])?)\s*\}\}/g;

/** In the order of the text; one that only looks like a place stays text. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of text.matchAll(places)) {
    const [whole, variable, column = ""] = match;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(variable === undefined ? { kind: "column", name: column } : { kind: "env", name: variable });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** The variables of the environment that a text asks for. */
export function variablesOf(text: string): string[] {
  return parseTemplate(text).flatMap((part) => (part.kind === "env" ? [part.name] : []));
}
