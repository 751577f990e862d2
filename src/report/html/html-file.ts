/** What every HTML file of ours begins with: its policy, its style, and that it fetches nothing and tells nobody. */
import { type Html, html } from "./markup.js";
import { type PageAssets, readPageAssets } from "./page-assets.js";

interface HtmlFile {
  readonly title: string;
  /** What wrote it, where the file should say so. */
  readonly generator?: string;
  /** @param script the page's own, for a body whose charts need it */
  readonly body: (script: PageAssets["script"]) => Html;
}

/** The whole file, from its doctype on. @throws EnvironmentError when the package is not complete */
export function renderHtmlFile({ title, generator, body }: HtmlFile): string {
  const { script, style, contentSecurityPolicy } = readPageAssets();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${generator === undefined ? null : html`<meta name="generator" content="${generator}">\n`}<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body(script)}</body>
</html>
`.text;
}
