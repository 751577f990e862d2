/** Where and how the run was made, as a list of facts. */
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderEnvironment } from "../run/environment-line.js";
import type { HtmlPage } from "./html-page.js";
import { type Html, html } from "./markup.js";

/** The terminal's own words, and what a reader needs to find or to repeat the run. */
export function renderEnvironmentPart(document: RunDocument, page: HtmlPage): Html {
  const { runId, seed, finishedAt, arms } = document;
  const builds = arms.flatMap(({ name, proxy }) =>
    proxy.build === null ? [] : [{ name, build: proxy.build }],
  );
  const byBuild = new Map<string, string[]>();
  for (const { name, build } of builds) byBuild.set(build, [...(byBuild.get(build) ?? []), name]);
  return html`${page.toHtml(renderEnvironment(document, page).slice(1))}
<dl>
<dt>run</dt><dd>${runId}</dd>
${finishedAt === null ? null : html`<dt>finished</dt><dd>${finishedAt}</dd>`}
<dt>seed</dt><dd>${seed}</dd>
</dl>
${[...byBuild].map(([build, names]) => html`<details><summary>Build of ${names.map(escapeControls).join(", ")}</summary><p class="code">${escapeControls(build)}</p></details>`)}`;
}
