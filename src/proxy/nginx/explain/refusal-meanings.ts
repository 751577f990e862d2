/**
 * What nginx means by the words that it refuses a config in, and what to do about it.
 */
import { codesOf, directiveHomes as homes, instead, moduleOf, nearestKnown } from "./directive-names.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly cause: string | ((match: RegExpMatchArray) => string);
  readonly cure: string | ((match: RegExpMatchArray) => string);
}

/** The first that matches holds. */
export const refusalMeanings: readonly Meaning[] = [
  {
    pattern: /unknown directive "\\xEF\\xBB\\xBF/,
    cause:
      "the file begins with a byte-order mark (EF BB BF), which nginx takes for the beginning of its first word",
    cure: "save the file as UTF-8 without a byte-order mark (BOM):\nsed -i '1s/^\\xEF\\xBB\\xBF//' FILE",
  },
  {
    pattern: /unknown directive "\\xFF\\xFE/,
    cause: "the file is written in UTF-16, which nginx cannot read",
    cure: "save the file as UTF-8 without a byte-order mark:\niconv -f UTF-16 -t UTF-8 FILE -o FILE",
  },
  {
    pattern: /"(\w+)" directive is not allowed here/,
    cause: ([, name = ""]) =>
      `\`${name}\` stands in a block that it does not belong to${name in homes ? `; it belongs ${homes[name]}` : ""}`,
    cure: ([, name = ""]) =>
      `move ${name} ${homes[name] ? `to where it belongs: ${homes[name]}` : "to a block that may hold it"}`,
  },
  {
    pattern: /unknown directive "([^"]*[^\x21-\x7e][^"]*)"/,
    cause: ([, name = ""]) =>
      `the word has characters that are no ASCII (${codesOf(name)}), from a web page or a word processor perhaps`,
    cure: ([, name = ""]) => `type the word anew: ${name.replace(/[^\x21-\x7e]+/g, "")}`,
  },
  {
    pattern: /unknown directive "([^"]+)"/,
    cause: ([, name = ""]) => {
      const near = nearestKnown(name);
      const owner = moduleOf(name);
      if (owner !== null) return `\`${name}\` is of ${owner}, which is not built into this nginx`;
      return near === null
        ? `this nginx knows no \`${name}\`: it is misspelt, newer than this nginx, or of a module that is not built in`
        : `\`${name}\` is misspelt: ${near} is meant`;
    },
    cure: ([, name = ""]) => {
      const never = instead(name);
      if (never !== null) return `nginx has no such directive; instead:\n${never}`;
      return moduleOf(name) === null
        ? `write ${nearestKnown(name) ?? "a directive that this nginx knows"}, or check that the line before ends in a semicolon`
        : "an nginx with the module (WSRALLY_NGINX names it), or a copy of the config without it";
    },
  },
  {
    pattern: /unknown "(\w+)" variable/,
    cause: ([, name]) => `nothing defines $${name}`,
    cure: ([, name = ""]) =>
      name.includes("upgrade")
        ? `in http: map $http_upgrade $${name} { default upgrade; '' close; }`
        : `define it (set, map), or write a variable that nginx has`,
  },
  {
    pattern: /invalid URL prefix/,
    cause: "proxy_pass takes http:// or https:// alone; ws:// and wss:// are for clients",
    cure: "proxy_pass http://…; the upgrade happens inside HTTP",
  },
  {
    pattern: /"proxy_pass" cannot have URI part/,
    cause:
      "in a location given by a regular expression, a named one, an if or a limit_except, nginx cannot tell which part of the path to replace",
    cure: "take the URI (even a trailing slash) off proxy_pass, and use rewrite … break; where the path must change",
  },
  {
    pattern: /unexpected end of file, expecting "\}"/,
    cause: "a block is not closed: a } is missing",
    cure: "close the block; the line named is the file's end, and not where the } belongs",
  },
  {
    pattern:
      /unexpected "\}"|unexpected "\{"|expecting ";"|invalid number of arguments|is not terminated by ";"/,
    cause:
      "a semicolon or a brace is missing or too many; two lines without a semicolon between are one directive to nginx",
    cure: "look at the line named and at the one before it: each directive ends in ;",
  },
  {
    pattern: /duplicate location "([^"]+)"/,
    cause: ([, path]) => `two locations of one server have the path ${path}`,
    cure: "merge the two",
  },
  {
    pattern: /duplicate upstream "([^"]+)"/,
    cause: ([, name]) => `two upstreams are named ${name}`,
    cure: "rename one",
  },
  {
    pattern: /"(\w+)" directive is duplicate/,
    cause: ([, name]) => `\`${name}\` is set twice in one block, an include perhaps`,
    cure: "take one out",
  },
  {
    pattern: /zero size shared memory zone "([^"]+)"|unknown (?:limit_conn|limit_req)_zone "([^"]+)"/,
    cause: ([, name, other]) => `the zone ${name ?? other} is used and never defined`,
    cure: ([, name, other]) =>
      `in http: limit_conn_zone $binary_remote_addr zone=${name ?? other}:10m; (or limit_req_zone)`,
  },
  {
    pattern: /no "events" section/,
    cause: "a whole config needs events { }, even an empty one",
    cure: "events { } at the outermost level",
  },
  {
    pattern: /no "ssl_certificate(?:_key)?" is defined/,
    cause: "`listen … ssl` without a certificate or its key",
    cure: "ssl_certificate and ssl_certificate_key in the server",
  },
  {
    pattern: /"proxy_busy_buffers_size" must be|"proxy_temp_file_write_size" must be|must be (?:less|equal)/,
    cause: "the proxy_buffer sizes must fit each other; after the 101 only proxy_buffer_size matters",
    cure: "set proxy_buffers and proxy_busy_buffers_size along with proxy_buffer_size",
  },
  {
    pattern: /invalid (?:port|host|number|address)\w* in "([^"]*)" of the "listen"|invalid port range in/,
    cause: "`listen` takes a port, an address, or both with a colon between",
    cure: "listen 80; or listen 127.0.0.1:8080; or listen [::]:80;",
  },
  {
    pattern: /SSL_CTX_set_cipher_list\("([^"]*)"\) failed/,
    cause: "the TLS library that this nginx runs with knows none of the ciphers of the list",
    cure: "correct the list; TLS 1.3's own (TLS_AES_…) are no part of it:\nssl_ciphers HIGH:!aNULL:!MD5;",
  },
  {
    pattern: /unknown log format "([^"]+)"/,
    cause: ([, name]) =>
      `the log format ${name} is never defined: that usually stands in http { } of nginx.conf`,
    cure: ([, name]) => `in http:\nlog_format ${name} '…';`,
  },
  {
    pattern: /resolving names at run time requires upstream "([^"]+)"/,
    cause: ([, name]) =>
      `\`resolve\` renews the addresses of ${name} while nginx runs, which its workers share in a zone`,
    cure: ([, name]) => `in upstream ${name}:\nzone ${name} 64k;`,
  },
  {
    pattern: /no resolver defined to resolve names at run time in upstream/,
    cause: "`resolve` looks names up while nginx runs, and no resolver is set",
    cure: "in http, the address of this network's DNS:\nresolver 127.0.0.53;",
  },
  {
    pattern: /could not build (\w+_hash), you should increase (?:either )?(\w+)/,
    cause: ([, hash]) => `names are too long or too many for ${hash}`,
    cure: ([, , size]) => `in http:\n${size} 128;`,
  },
  {
    pattern: /host not found in upstream "([^"]+)"/,
    cause: ([, name]) => `the name ${name} is looked up when nginx starts, and does not resolve`,
    cure: "make the name resolve, or use a variable in proxy_pass together with resolver",
  },
  {
    pattern:
      /no port in upstream|invalid port in upstream|invalid host in upstream|no host in upstream|may not have port|no servers are inside upstream/,
    cause: "an upstream's address is not complete or not one",
    cure: "server HOST:PORT; inside upstream, and proxy_pass http://NAME; without a port",
  },
  {
    pattern: /open\(\) "([^"]+)" failed .*git tracks no such file/,
    cause: "a gate reads those files of a repository that git tracks, and publishes no others",
    cure: ([, file = ""]) =>
      /\/\.git(\/|$)/i.test(file)
        ? "take it out: what git keeps for itself is no config"
        : `git add ${file}\nif it belongs to the config (a commit is not needed), or --allow-includes DIR for its folder`,
  },
  {
    pattern: /open\(\) "([^"]+)" failed|cannot load certificate/,
    cause: "a file that the config names is not there or cannot be read",
    cure: "correct the path, or the permissions",
  },
  {
    pattern:
      /invalid value "([^"]*)" in "(\w+)" directive|"(\w+)" directive invalid value|invalid value "([^"]*)"/,
    cause: "the directive does not take this value",
    cure: "write a value that it takes: times such as 60s, sizes such as 16k, on or off",
  },
  {
    pattern: /invalid parameter "([^"]*)"|the "([^"]+)" parameter/,
    cause: "this nginx does not take this parameter",
    cure: "check its spelling, and the version it came with",
  },
  {
    pattern: /includes are nested/,
    cause: "a file includes itself, by another one perhaps",
    cure: "break the circle",
  },
];
