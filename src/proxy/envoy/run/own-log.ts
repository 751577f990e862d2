/**
 * The access log that a private copy writes in place of any of its own: a line for each connection that did not end well,
 * with Envoy's response flags and details, and every line where a probe looks at them.
 */
import { type ConfigMap, mapOf, type Plain } from "../../tree/config-node.js";

/** What Envoy says of itself and of its connections, in the order in which it said it. */
export const logFile = "envoy.log";

/** Read again by read-log-line.ts. */
const lineFormat =
  '[access] %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% cluster=%UPSTREAM_CLUSTER% "%REQ(:METHOD)% %REQ(:PATH)%" %DURATION%ms %UPSTREAM_TRANSPORT_FAILURE_REASON%\n';

/** Not those of a normal end: DC and UC, where one end closed, which a WebSocket always does. */
const troubledFlags = [
  ...["LH", "UH", "UT", "LR", "UR", "UF", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE", "IH", "SI", "DPE"],
  ...["UPE", "UMSDR", "RFCF", "NFCF", "DT", "OM", "NC"],
];

const troubled: Plain = {
  or_filter: {
    filters: [
      {
        status_code_filter: {
          comparison: { op: "GE", value: { default_value: 400, runtime_key: "wsrally.none" } },
        },
      },
      { response_flag_filter: { flags: troubledFlags } },
    ],
  },
};

function fileLog(format: string): { readonly [key: string]: Plain } {
  return {
    name: "envoy.access_loggers.file",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
      path: logFile,
      log_format: { text_format_source: { inline_string: format } },
    },
  };
}

/** @param isComplete with the ends that are as they should be */
export function httpLog(isComplete: boolean): ConfigMap {
  const log = fileLog(lineFormat);
  return mapOf(isComplete ? log : { ...log, filter: troubled });
}

/** Of `tcp_proxy`, which knows of no request. */
export function tcpLog(isComplete: boolean): ConfigMap {
  const log = fileLog(
    '[access] 0 %RESPONSE_FLAGS% %CONNECTION_TERMINATION_DETAILS% cluster=%UPSTREAM_CLUSTER% "-" %DURATION%ms %UPSTREAM_TRANSPORT_FAILURE_REASON%\n',
  );
  return mapOf(isComplete ? log : { ...log, filter: { response_flag_filter: { flags: troubledFlags } } });
}
