/**
 * What decides who may connect: passwords, address lists, a service that is asked.
 */
import { type Finding, notTested, ok } from "../../diagnosis/finding.js";
import { quoteAt } from "../../diagnosis/quote.js";
import type { ProbeContext } from "../probe-context.js";

export function checkAccess({ config, refused, opening }: ProbeContext): readonly Finding[] {
  if (config === null) return [notTested("access", "there is no config to read")];
  if (refused !== null || opening.backend === null) return [notTested("access", "see route")];
  const { access } = config;
  const asks = access.find(({ isAsked }) => isAsked);
  if (asks !== undefined) {
    const why = `${quoteAt(asks)}: the service that it asks is not here, and was taken to let everybody in`;
    return [notTested("access", why)];
  }
  return [
    ok(
      "access",
      access.map((rule) => `config: ${quoteAt(rule)}`),
    ),
  ];
}
