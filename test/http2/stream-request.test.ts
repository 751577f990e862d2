import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readStreamRequest } from "#wsrally/http2/stream-request.js";

const connect = ":method=CONNECT :protocol=websocket :scheme=http :path=/sock?a=b :authority=a";
const version = "sec-websocket-version=13";

/** By the fields, `name=value` with blanks between. */
const rows: readonly (readonly [fields: string, reading: string])[] = [
  [`${connect} ${version}`, "upgrade CONNECT /sock /sock?a=b 1"],
  [`${connect} ${version} origin=b`, "upgrade CONNECT /sock /sock?a=b 2"],
  [connect, "refused CONNECT /sock /sock?a=b 0"],
  [`${connect} sec-websocket-version=8`, "refused CONNECT /sock /sock?a=b 1"],
  [":method=GET :scheme=http :path=/ :authority=a", "plain GET / / 0"],
  [":method=CONNECT :authority=a:80", "none"],
  [":method=CONNECT :protocol=other :scheme=http :path=/ :authority=a", "none"],
  [":method=GET :method=GET :scheme=http :path=/", "none"],
  [":method=GET :scheme=http a=b :path=/", "none"],
  [":method=GET :scheme=http :path=/ Upper=case", "none"],
  [":method=GET :path=/", "none"],
  [":method=GET :scheme=http :path=/ :status=200", "none"],
  [`${connect} ${version} connection=upgrade`, "none"],
  [`${connect} ${version} upgrade=websocket`, "none"],
  [`${connect} ${version} te=trailers`, "upgrade CONNECT /sock /sock?a=b 2"],
  [`${connect} ${version} te=gzip`, "none"],
  [":method=GET :scheme=http", "none"],
];

describe("readStreamRequest()", () => {
  for (const [fields, wanted] of rows)
    it(`${fields}: ${wanted}`, () => {
      const all = fields.split(" ").map((field) => {
        const [name = "", ...value] = field.split("=");
        return { name, value: value.join("=") };
      });
      const reading = readStreamRequest(all);
      const { method = "", path, target, fields: rest } = reading?.request ?? {};
      const words = [reading?.kind, method, path, target, rest?.length].join(" ");
      assert.equal(reading === null ? "none" : words, wanted);
    });
});
