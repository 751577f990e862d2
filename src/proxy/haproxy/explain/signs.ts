/** By what HAProxy is told from outside: it has no header of its own, and error pages that nobody else has (2.6 to 3.2). */
import { headerOf, type ProxySigns, toBroken } from "../../signs.js";

const page = "<h1>400 Bad request</h1>";

export const haproxySigns: ProxySigns = {
  recognise({ broken }) {
    const isOwn =
      broken?.bodyStart.startsWith(`<html><body>${page}`) &&
      broken.bodyStart.includes("Your browser sent an invalid request.") &&
      headerOf(broken, "Server") === "";
    return isOwn === true
      ? [`${page} Your browser sent an invalid request., without a Server header, to ${toBroken}`]
      : [];
  },
  meanings: [
    {
      status: 503,
      body: /No server is available/,
      cause:
        "no server of the backend is up, no backend takes the request, or it waited longer than timeout queue",
      cure: "check that the servers run and pass their health checks, and use_backend and its ACLs; the log's flags tell which (SC, sQ, <NOSRV>)",
    },
    {
      status: 504,
      body: /didn't respond in time/,
      cause: "the server did not answer the upgrade within timeout server",
      cure: "see why the server is slow, or raise timeout server",
    },
    {
      status: 502,
      body: /invalid or incomplete response/,
      cause: "the server ended the connection before an answer, or spoke TLS where HAProxy did not",
      cure: "check the server line: ssl or not, and its port",
    },
    {
      status: 403,
      body: /administrative rules/,
      cause: "a rule of HAProxy's denies the request",
      cure: "look for http-request deny in its config",
    },
  ],
};
