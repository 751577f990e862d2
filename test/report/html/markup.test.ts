import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html, jsonForScript } from "#wsrally/report/html/markup.js";
import { fc } from "../../support/seeded-fast-check.js";

describe("html``", () => {
  it("escapes texts, keeps markup, joins lists and leaves null out", () => {
    const inner = html`<b>${"a & b"}</b>`;
    const outer = html`<p title="${'"quoted"'}">${inner}${[html`<i>1</i>`, "<2>"]}${null}${3}</p>`;
    assert.equal(outer.text, '<p title="&quot;quoted&quot;"><b>a &amp; b</b><i>1</i>&lt;2&gt;3</p>');
  });

  it("lets no text end an element or an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "a", "\n") }), (text) => {
        const { text: markup } = html`${text}`;
        assert.doesNotMatch(markup, /[<>"']/);
        assert.doesNotMatch(markup, /&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

describe("jsonForScript()", () => {
  it("stays JSON of the same data, without a character that could end the script", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: "grapheme-ascii" }),
        fc.constantFrom("</script>", "<!--", "\n\t", "]]>"),
        (value, text) => {
          const data = { value, text };
          const { text: json } = jsonForScript(data);
          assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(data)));
          assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
        },
      ),
    );
  });

  it("writes out what nobody would see, in strings and in keys", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { text: json } = jsonForScript({ [`k${text}`]: [{ text }] });
        JSON.parse(json, (key, value) => {
          for (const shown of [key, value]) {
            if (typeof shown === "string")
              assert.doesNotMatch(shown, /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
          }
          return value;
        });
      }),
    );
  });
});
