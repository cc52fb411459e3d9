// node validate.mjs < document → what AsyncAPI's own parser says of it: [{severity: 0 (error) to 3, path, message}]

import { text } from "node:stream/consumers";
import { Parser } from "@asyncapi/parser";

const diagnostics = await new Parser().validate(await text(process.stdin));
const told = diagnostics.map(({ severity, path, message }) => ({ severity, path: path.join("/"), message }));
process.stdout.write(JSON.stringify(told));
