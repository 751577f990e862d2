/**
 * Certificates of a config: the run's own towards clients, and trust in wsrally's backend towards it.
 */
import {
  type ConfigTree,
  directive,
  type Node,
  rewrite,
  virtualHosts,
  withArgs,
} from "../language/config-tree.js";
import { refused } from "../language/parse-config.js";
import { certificateFile, keyFile } from "../run/template.js";
import type { Adoption } from "./adoption.js";

/** The authority of wsrally's backend, where it is asked over TLS. */
export const backendAuthorityFile = "backend-ca.pem";

/** Whom a client's certificate would have to be signed by. */
const ofClients =
  /^ssl(?:verifyclient|verifydepth|cacertificate(?:file|path)|cadnrequest\w+|carevocation\w+)$/;
const ofUpstreams = /^sslproxy(?:cacertificate(?:file|path)|carevocation\w+|machinecertificate\w+)$/;

/**
 * @param hasManaged whether mod_md gets certificates for the config, in whose place the run's own is
 * @throws ConfigRefusedError for a server that speaks TLS without a certificate: `httpd -t` lets it pass, and its start
 * does not
 */
export function adoptTls(tree: ConfigTree, adoption: Adoption, hasManaged: boolean): Node[] {
  const adopted = withCertificates(rewrite(tree, (node) => adoptNode(node, adoption)));
  if (hasManaged)
    return [
      directive("SSLCertificateFile", certificateFile),
      directive("SSLCertificateKeyFile", keyFile),
      ...adopted,
    ];
  refuseUncertified(tree, adoption);
  return adopted;
}

function refuseUncertified(tree: ConfigTree, adoption: Adoption): void {
  for (const servers of [[tree], ...virtualHosts(tree).map(({ block }) => [tree, block ?? []])]) {
    const own = servers.at(-1) ?? [];
    const engine = own.find(({ key, args }) => key === "sslengine" && /^on$/i.test(args[0] ?? ""));
    const hasCertificate = servers.some((nodes) => nodes.some(({ key }) => key === "sslcertificatefile"));
    if (engine !== undefined && !hasCertificate)
      throw refused(
        engine.place?.file ?? adoption.file,
        engine.place?.line ?? 1,
        "Server should be SSL-aware but has no certificate configured [Hint: SSLCertificateFile]",
      );
  }
}

function adoptNode(node: Node, adoption: Adoption): readonly Node[] {
  const { key, name, args, place } = node;
  const leaveOut = (why: string): readonly Node[] => {
    adoption.note(`${name} was left out: ${why}`, place);
    return [];
  };
  const copied = (): Node =>
    withArgs(node, [adoption.copy(args[0] ?? "", `${name} ${args[0]}`, place), ...args.slice(1)]);
  if (key === "sslcertificatefile") {
    adoption.note(`\`${name} ${args[0]}\` is the run's own certificate instead`, place);
    return [withArgs(node, [certificateFile])];
  }
  if (key === "sslcertificatekeyfile") return [withArgs(node, [keyFile])];
  if (ofClients.test(key)) {
    if (!adoption.keepsAccess || adoption.isConfined)
      return leaveOut("the generator has no client certificate");
    if (key === "sslcacertificatefile") return [copied()];
    return /path$|revocation/.test(key) ? leaveOut("its files are its machine's") : [node];
  }
  if (ofUpstreams.test(key)) {
    if (adoption.keepsUpstream) return key === "sslproxycacertificatefile" ? [copied()] : [node];
    if (key !== "sslproxycacertificatefile") return leaveOut("the backend is wsrally's");
    if (adoption.backend.overTls === undefined) return leaveOut("the backend speaks no TLS here");
    adoption.note(`\`${name} ${args[0]}\` is the authority of wsrally's backend instead`, place);
    return [withArgs(node, [backendAuthorityFile])];
  }
  if (key === "sslproxycheckpeername" || key === "sslproxycheckpeercn")
    return adoption.keepsUpstream ? [node] : leaveOut("the backend is wsrally's, and called otherwise");
  if (key === "sslsessioncache") {
    const shared = /^shmcb:[^(]*(\(\d+\))?$/.exec(args[0] ?? "");
    return [withArgs(node, [shared === null ? "none" : `shmcb:ssl-sessions${shared[1] ?? ""}`])];
  }
  if (key === "sslrandomseed") return args[1] === "builtin" ? [node] : leaveOut("the system's own does");
  return [node];
}

/** Of several certificates of one server the run has one; its key is in a file of its own. */
function withCertificates(nodes: ConfigTree): Node[] {
  const hasOwn = nodes.some(({ key }) => key === "sslcertificatefile");
  let seen = false;
  const kept = nodes.flatMap((node): Node[] => {
    if (node.key === "sslcertificatekeyfile") return [];
    if (node.key !== "sslcertificatefile")
      return [node.key === "virtualhost" ? { ...node, block: withCertificates(node.block ?? []) } : node];
    if (seen) return [];
    seen = true;
    return [node, directive("SSLCertificateKeyFile", keyFile)];
  });
  // A key alone belongs to a certificate of the main server.
  return hasOwn || !nodes.some(({ key }) => key === "sslcertificatekeyfile")
    ? kept
    : [...kept, directive("SSLCertificateKeyFile", keyFile)];
}
