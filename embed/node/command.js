#!/usr/bin/env node
// A whole sync as JSON lines on standard output; an error on standard error, with exit code 1.

import { once } from "node:events";

import { Connector, ConnectorError } from "./index.js";

/** A closed pipe is nobody's fault: 128 + SIGPIPE, as other commands end. */
const CLOSED = 141;
process.stdout.on("error", (error) => process.exit(/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE" ? CLOSED : 1));

const schema = await new Connector().configSchema();
const variable = (/** @type {string} */ name) => process.env[`BATON_${name.toUpperCase().replaceAll("-", "_")}`];
const config = Object.fromEntries(schema.map(({ name }) => [name, variable(name)]));

try {
  for await (const line of new Connector(config).lines()) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
  }
} catch (error) {
  const { message } = /** @type {Error} */ (error);
  const told = error instanceof ConnectorError
    ? { kind: error.kind, field: error.field, httpStatus: error.httpStatus, requestId: error.requestId }
    : { kind: "crash" };
  console.error(JSON.stringify({ error: { ...told, message } }));
  process.exitCode = 1;
}
