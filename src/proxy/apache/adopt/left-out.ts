/**
 * Directives that a copy goes without, whoever's config it is: they tie it to its machine, or ask others.
 */

const privates = "the private folder has its own";
const log = "the log is wsrally's";
const asked = "nobody outside is asked";

const groups: readonly (readonly [names: string, why: string])[] = [
  ["user group suexecusergroup suexec chrootdir", "Apache runs as wsrally says"],
  [
    "serverroot pidfile mutex scoreboardfile defaultruntimedir coredumpdirectory lockfile acceptmutex",
    privates,
  ],
  [
    "errorlog customlog transferlog forensiclog globallog logformat errorlogformat loglevel logmessage bufferedlogs " +
      "cookielog rewritelog rewriteloglevel scriptlog scriptlogbuffer scriptloglength ssllog sslloglevel logiotrackttfb",
    log,
  ],
  [
    "proxyremote proxyremotematch noproxy proxydomain proxyblock proxysourceaddress",
    "the backend is on loopback",
  ],
  [
    "sslusestapling sslstaplingcache sslstaplingerrorcachetimeout sslstaplingfaketrylater sslstaplingforceurl " +
      "sslstaplingrespondertimeout sslstaplingresponsemaxage sslstaplingresponsetimeskew " +
      "sslstaplingreturnrespondererrors sslstaplingstandardcachetimeout sslocspdefaultresponder sslocspenable " +
      "sslocspnoverify sslocspoverrideresponder sslocspproxyurl sslocsprespondercertificatefile " +
      "sslocsprespondertimeout sslocspresponsemaxage sslocspresponsetimeskew sslocspuserequestnonce",
    asked,
  ],
  ["sslpassphrasedialog sslcryptodevice", "no program and no device of the config is asked"],
  ["sslcertificatechainfile", "the certificate is the run's own"],
  ["sslsessionticketkeyfile sslsrpverifierfile sslsrpunknownuserseed", "its keys are its machine's"],
  ["namevirtualhost", "Apache does without it since 2.4"],
  [
    "remoteipproxyprotocol remoteipproxyprotocolexceptions",
    "the generator connects as clients do, without a PROXY line",
  ],
  ["balancerpersist", privates],
];

/** By name, in lower case. */
export const leftOut: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([names, why]) => names.split(" ").map((name) => [name, why] as const)),
);

/** Of a stranger's besides: they name files of the machine, or make Apache look something up. */
export const leftOutConfined: ReadonlyMap<string, string> = new Map(
  [
    ["hostnamelookups usecanonicalname", "no name is looked up"],
    [
      "alias aliasmatch scriptalias scriptaliasmatch virtualdocumentroot",
      "a gate's Apache has no files to show",
    ],
    ["typesconfig readmename headername indexstylesheet", "a gate's Apache has no files to show"],
    ["passenv", "the environment is not the config's"],
    ["accessfilename allowoverride allowoverridelist", "a gate reads no .htaccess"],
    ["unsafeprefixstat rlimitcpu rlimitmem rlimitnproc enablemmap enablesendfile", "a gate does without it"],
  ].flatMap(([names = "", why = ""]) => names.split(" ").map((name) => [name, why] as const)),
);
