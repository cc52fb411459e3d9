// node audit.mjs '{"chromium": path, "arguments": [flags], "pages": {name: {"address": …, "headers": {…}}}}'
// → {name: {"scores": {category: 0 to 100}, "complaints": [audit and what it says, of those that cost points]}}

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const asked = JSON.parse(process.argv[2]);
const categories = ["accessibility", "best-practices"];
const browser = await launch({ chromePath: asked.chromium, chromeFlags: ["--headless=new", ...asked.arguments] });
const found = {};
try {
  for (const [name, { address, headers }] of Object.entries(asked.pages)) {
    const { lhr } = await lighthouse(address, {
      port: browser.port,
      onlyCategories: categories,
      extraHeaders: headers,
      disableFullPageScreenshot: true,
    });
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    const refs = categories.flatMap((id) => lhr.categories[id].auditRefs).filter((ref) => ref.weight > 0);
    found[name] = {
      scores: Object.fromEntries(categories.map((id) => [id, Math.round(100 * lhr.categories[id].score)])),
      complaints: refs
        .map((ref) => lhr.audits[ref.id])
        .filter((audit) => audit.score !== null && audit.score < 1)
        .map((audit) => `${audit.id}: ${audit.title}`),
    };
  }
} finally {
  browser.kill();
}
console.log(JSON.stringify(found));
