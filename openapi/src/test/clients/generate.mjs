// Makes schema.d.ts of openapi.json. A file is a Blob here; without this, the generator has it as text.
import { writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const types = await openapiTS(new URL("openapi.json", import.meta.url), {
  transform: (schema) => (schema.format === "binary" ? ts.factory.createTypeReferenceNode("Blob") : undefined),
});
writeFileSync(new URL("schema.d.ts", import.meta.url), astToString(types));
