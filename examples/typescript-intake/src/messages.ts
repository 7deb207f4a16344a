/** Checks what a browser sent against the published JSON Schemas, before anything is sent on. */

import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const SCHEMAS = new URL("../../../docs/interface/", import.meta.url);
const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);

/** What is wrong with a message: one clause per field, without the values that were sent. */
export class Unreadable extends Error {
  constructor(readonly errors: string[]) {
    super("This message could not be read.");
  }
}

/** The reader of one kind of message, made from its schema. */
export function reader<T>(name: string): (message: unknown) => T {
  const schema = JSON.parse(readFileSync(new URL(`${name}.schema.json`, SCHEMAS), "utf8"));
  const valid: ValidateFunction<T> = ajv.compile<T>(schema);
  return (message) => {
    if (valid(message)) return message;
    throw new Unreadable((valid.errors ?? []).map(clause));
  };
}

function clause({ instancePath, message, params }: ErrorObject): string {
  const unknown = params["additionalProperty"];
  return unknown ? `${instancePath}/${unknown} is not a field of this message` : `${instancePath || "/"} ${message}`;
}
