/**
 * A config that nginx refuses: told apart from other troubles of the machine, because `probe` and `gate` take it for
 * a fault of the config.
 */
import { EnvironmentError } from "../../base/errors.js";
import type { Directive } from "./nginx-tree.js";
import type { TemplateMark } from "./template-marks.js";

/** What was refused, and by whom. */
export interface RefusedConfig {
  readonly tree: readonly Directive[];
  /** "1.22.1" */
  readonly version: string;
  /** What `nginx -V` says of the build. */
  readonly build: string;
}

interface RefusalDetails extends ErrorOptions {
  readonly hint?: string | null;
  readonly subject?: RefusedConfig;
  readonly template?: TemplateMark | null;
}

export class ConfigRefusedError extends EnvironmentError {
  /** nginx's own words, with the user's own file and line in them. */
  readonly words: string;
  /** What to think of besides, or null. */
  readonly hint: string | null;
  /** Null where the text is no well-formed config, so that nginx was not asked. */
  readonly subject: RefusedConfig | null;
  /** What shows that the file is a template, or null. */
  readonly template: TemplateMark | null;

  constructor(file: string, words: string, details: RefusalDetails = {}) {
    const { hint = null, subject, template = null, ...options } = details;
    const told = template === null ? hint : "the file is a template: render it first";
    super(`nginx refuses ${file}: ${words}${told === null ? "" : ` (${told})`}`, options);
    this.words = words;
    this.hint = hint;
    this.subject = subject ?? null;
    this.template = template;
  }
}
