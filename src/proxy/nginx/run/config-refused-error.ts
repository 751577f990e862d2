/**
 * A config that nginx refuses, with what it was asked of.
 */
import { ConfigRefusedError, type RefusalDetails } from "../../config-refused-error.js";
import type { Directive } from "../language/nginx-tree.js";
import type { TemplateMark } from "../language/template-marks.js";

/** What was refused, and by whom. */
export interface RefusedConfig {
  readonly tree: readonly Directive[];
  /** "1.22.1" */
  readonly version: string;
  /** What `nginx -V` says of the build. */
  readonly build: string;
}

interface NginxRefusalDetails extends RefusalDetails {
  readonly subject?: RefusedConfig;
  readonly template?: TemplateMark | null;
}

export class NginxRefusedError extends ConfigRefusedError {
  /** Null where the text is no well-formed config, so that nginx was not asked. */
  readonly subject: RefusedConfig | null;
  /** What shows that the file is a template, or null. */
  readonly template: TemplateMark | null;

  constructor(file: string, words: string, details: NginxRefusalDetails = {}) {
    const { hint = null, subject, template = null, ...options } = details;
    const told = template === null ? hint : "the file is a template: render it first";
    super("nginx", file, words, { ...options, hint: told });
    this.subject = subject ?? null;
    this.template = template;
  }
}
