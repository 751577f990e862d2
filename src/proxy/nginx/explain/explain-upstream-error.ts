/**
 * What nginx's error log says of an upstream that did not answer, as cause and cure.
 */

import type { Log } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, written } from "../language/nginx-tree.js";
import type { ConfigView } from "./config-view.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly cause: (match: RegExpMatchArray, view: ConfigView) => string;
  readonly cure: (match: RegExpMatchArray, view: ConfigView) => string;
}

const meanings: readonly Meaning[] = [
  {
    pattern: /no resolver defined to resolve (\S+?),/,
    cause: ([, name], view) =>
      `${wordsOf(view, "proxy_pass")} holds a variable, so that nginx looks ${name} up at every request, and no resolver is set`,
    cure: () =>
      "an upstream { } whose name the variable holds, or in the server the address of this network's DNS:\nresolver 127.0.0.53;",
  },
  {
    pattern: /(\S+) could not be resolved \((\d+: [^)]*)\)/,
    cause: ([, name, why], view) => `${wordsOf(view, "resolver")} does not know ${name} (${why})`,
    cure: () => "a resolver that knows the name: nginx asks no /etc/hosts here, only DNS",
  },
  {
    pattern: /upstream SSL certificate verify error: \((\d+:[^)]*)\)/,
    cause: ([, why], view) =>
      `${wordsOf(view, "proxy_ssl_verify")} refuses the upstream's certificate: ${why}`,
    cure: ([, why = ""]) =>
      why.startsWith("10:")
        ? "renew the upstream's certificate"
        : "a file with the authority that signed the upstream's certificate, its intermediates included:\nproxy_ssl_trusted_certificate FILE;",
  },
  {
    pattern: /upstream SSL certificate does not match "([^"]*)"/,
    cause: ([, name], view) =>
      `${wordsOf(view, "proxy_ssl_verify")} looks for ${name} in the upstream's certificate, which is for another name`,
    cure: () =>
      "a name that the certificate has (unless set it is the one in proxy_pass, an upstream { }'s own name too):\nproxy_ssl_name NAME;\nproxy_ssl_server_name on;",
  },
  {
    pattern:
      /SSL_do_handshake\(\) failed .*?(wrong version number|packet length too long|record layer failure|http request)/,
    cause: (_, view) => `${wordsOf(view, "proxy_pass")} speaks TLS to a port that does not`,
    cure: () => "proxy_pass http://…; or the upstream's TLS port",
  },
  {
    pattern: /SSL_do_handshake\(\) failed .*?(handshake failure|unrecognized name|internal error)/,
    cause: ([, why]) =>
      `the upstream ends the TLS handshake (${why}): mostly it wants to know the name first, and nginx sends none unless told to`,
    cure: () => "proxy_ssl_name too where proxy_pass has another name:\nproxy_ssl_server_name on;",
  },
  {
    pattern:
      /SSL_do_handshake\(\) failed .*?(protocol version|unsupported protocol|no protocols available|no shared cipher|version too low)/,
    cause: ([, why]) => `nginx and the upstream find no common TLS version or cipher (${why})`,
    cure: () => "no proxy_ssl_ciphers of your own, and:\nproxy_ssl_protocols TLSv1.2 TLSv1.3;",
  },
  {
    pattern: /SSL_do_handshake\(\) failed \(SSL: ([^)]*)\)/,
    cause: ([, why]) => `the TLS handshake with the upstream fails: ${why}`,
    cure: () =>
      "compare proxy_ssl_protocols, proxy_ssl_ciphers and proxy_ssl_certificate with what the upstream asks for",
  },
  {
    pattern: /upstream sent too big header/,
    cause: (_, view) =>
      `the backend's response head does not fit ${wordsOf(view, "proxy_buffer_size")}: cookies and tokens of some KiB do that`,
    cure: () =>
      "the three together, for nginx wants them to fit:\nproxy_buffer_size 16k;\nproxy_buffers 8 16k;\nproxy_busy_buffers_size 32k;",
  },
  {
    pattern: /upstream sent too large http2 frame|upstream sent .* http2/,
    cause: (_, view) => `${wordsOf(view, "proxy_http_version")}: the upstream does not speak HTTP/2`,
    cure: () => "in the location:\nproxy_http_version 1.1;",
  },
  {
    pattern: /connect\(\) failed \(111: [^)]*\)/,
    cause: (_, view) => `nobody listens where ${wordsOf(view, "proxy_pass")} points`,
    cure: () => "start the backend, or correct the address and port",
  },
  {
    pattern: /connect\(\) to unix:(\S+) failed \(([^)]*)\)/,
    cause: ([, file, why]) => `the socket ${file} cannot be opened: ${why}`,
    cure: () => "start the backend, and let nginx's user read and write its socket",
  },
  {
    pattern: /connect\(\).* failed \(13: [^)]*\)/,
    cause: () => "the system forbids nginx to connect, SELinux perhaps",
    cure: () => "setsebool -P httpd_can_network_connect 1",
  },
  {
    pattern: /no live upstreams/,
    cause: () => "every server of the upstream failed lately, and nginx tries none for fail_timeout",
    cure: () => "see the lines before this one for why; max_fails=0 where there is only one server",
  },
  {
    pattern: /upstream timed out \([^)]*\) while connecting/,
    cause: (_, view) =>
      `the upstream does not answer ${wordsOf(view, "proxy_pass")}: a firewall, or a wrong address`,
    cure: () => "correct the address, or let nginx through the firewall",
  },
  {
    pattern: /upstream timed out \([^)]*\) while reading response header/,
    cause: () => "the backend takes the request and answers nothing",
    cure: () => "see the backend's log",
  },
  {
    pattern:
      /upstream sent (?:no valid|invalid)|upstream prematurely closed connection|recv\(\) failed \(104/,
    cause: (_, view) =>
      `what answers ${wordsOf(view, "proxy_pass")} speaks no HTTP that nginx understands: a TLS port asked over http://, or no web server`,
    cure: () => "proxy_pass https://…; where the upstream speaks TLS",
  },
  {
    pattern: /auth request unexpected status: (\d+)/,
    cause: ([, status], view) =>
      `the service of ${wordsOf(view, "auth_request")} answers ${status}, where nginx takes 2xx, 401 and 403 only`,
    cure: () =>
      'in the location that auth_request asks: proxy_set_header Upgrade ""; proxy_set_header Connection ""; and a service that answers 204 or 401',
  },
];

/** @returns null when no line says a thing that is known */
export function explainUpstreamError(log: Log, view: ConfigView): Explanation | null {
  for (const { line } of log) {
    for (const { pattern, cause, cure } of meanings) {
      const match = line.match(pattern);
      if (match !== null) return { cause: cause(match, view), cure: cure(match, view) };
    }
  }
  return null;
}

/** The directive with its place, or its bare name. */
function wordsOf(view: ConfigView, name: string): string {
  const [found]: readonly Directive[] = view.effective(name);
  return found === undefined ? name : written(found);
}
