import { findEntities } from "../../../../src/reference/reading/characters/entities.js";
import { readsAs } from "./reads-as.js";

test.each([
  ["Hale &amp; Son", "Hale & Son"],
  ["&quot;Yes,&quot; said Ada&#8217;s &#x2014; aunt", '"Yes," said Ada’s — aunt'],
  ["No.&nbsp;&mdash;&#160;Quite", "No. — Quite"],
  ["caf&eacute; &hellip; &lsquo;no&rsquo;", "café … ‘no’"],
  ["para&shy;sol", "parasol"],
  ["&#147;old Windows&#148;", "“old Windows”"],
  ["&amp;ldquo;escaped twice&amp;#8221;", "“escaped twice”"],
  ["write &amp;lt; for it", "write &lt; for it"],
  ["&lt;i&gt;", "<i>"],
])("%s is read as %s", (text, read) => {
  expect(readsAs(text, findEntities)).toBe(read);
});

test.each(["Hale & Son", "AT&T; and more", "R&D", "&nosuchname;", "&;", "&#;", "Q&A: this"])(
  "%s has no entity",
  (text) => {
    expect(findEntities(text)).toEqual([]);
  },
);
