/** By what nginx is told from outside (its error pages and headers, 1.22 and 1.31). */
import { headerSign, type ProxySigns, toBroken } from "../../signs.js";

export const nginxSigns: ProxySigns = {
  recognise({ broken }) {
    const [page] = /<center>nginx(?:\/[\d.]+)?<\/center>/.exec(broken?.bodyStart ?? "") ?? [];
    return page === undefined
      ? []
      : [`${page} in the answer to ${toBroken}`, headerSign(broken, "Server", toBroken)];
  },
  meanings: [
    {
      status: 502,
      body: /<center>nginx/,
      cause: "nginx reached no upstream, or did not understand its answer",
      cure: "check that the upstream runs at the address of proxy_pass; nginx's error.log has the reason",
    },
    {
      status: 504,
      body: /<center>nginx/,
      cause:
        "the upstream did not answer the upgrade within proxy_read_timeout, or was not reached within proxy_connect_timeout",
      cure: "see why the upstream is slow; nginx's error.log names it",
    },
    {
      status: 404,
      body: /<center>nginx/,
      cause: "nginx itself has nothing at this path: no location with proxy_pass takes it",
      cure: "a location for the path, or the right path",
    },
    {
      status: 403,
      body: /<center>nginx/,
      cause: "nginx itself refuses: deny, valid_referers with a return 403, or files that nobody may list",
      cure: "look for deny and return 403 in its config; nginx's error.log says what forbade it",
    },
    {
      status: 503,
      body: /<center>nginx/,
      cause: "nginx itself refuses: limit_conn or limit_req, or a return 503",
      cure: "see nginx's error.log; raise the limit where it is one",
    },
  ],
};
