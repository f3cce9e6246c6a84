// A program that depends on the package for Node, as tests tell it to. It prints JSON.

import { monitorEventLoopDelay } from "node:perf_hooks";

import { Connector, ConnectorError } from "planetscale-access";

const tenant = (prefix = "BATON") => new Connector({
  "planetscale-service-token": process.env[`${prefix}_PLANETSCALE_SERVICE_TOKEN`],
  "planetscale-api-url": process.env[`${prefix}_PLANETSCALE_API_URL`],
});

const names = async (connector) => {
  const found = [];
  for await (const line of connector.sync()) {
    if ("resource" in line && line.resource.id.resourceType === "organization") found.push(line.resource.displayName);
  }
  return found.sort();
};

const told = (error) => ({
  name: error.name, message: error.message,
  ...(error instanceof ConnectorError ? { kind: error.kind, httpStatus: error.httpStatus, field: error.field } : {}),
});

const programs = {
  // Two tenants at the same time, while the program's own thread goes on.
  async tenants() {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const [one, other] = await Promise.all([names(tenant()), names(tenant("OTHER"))]);
    delay.disable();
    return { one, other, ticks: delay.count, longest: delay.max / 1e6 };
  },

  async who() {
    const connector = tenant();
    const [metadata, schema, validation] =
      await Promise.all([connector.metadata(), connector.configSchema(), connector.validate()]);
    return { metadata, fields: schema.map((field) => field.name), validation };
  },

  async refused() {
    try {
      await new Connector({ "planetscale-service-token": "id:wrong", "planetscale-api-url": process.env.BATON_PLANETSCALE_API_URL }).validate();
    } catch (error) {
      return told(error);
    }
  },

  async noToken() {
    try {
      await names(new Connector());
    } catch (error) {
      return told(error);
    }
  },

  // Aborted while the component waits for a reply, or for the vendor.
  async aborted() {
    const controller = new AbortController();
    const seen = [];
    try {
      for await (const line of tenant().sync({ signal: controller.signal })) {
        seen.push(Object.keys(line)[0]);
        setTimeout(() => controller.abort(new Error("enough")), 50);
      }
      return { complete: true };
    } catch (error) {
      return { message: error.message, complete: seen.includes("complete") };
    }
  },

  // The instance ends with the loop.
  async left() {
    for await (const line of tenant().sync()) return { first: Object.keys(line)[0] };
  },
};

console.log(JSON.stringify(await programs[process.argv[2]]()));
