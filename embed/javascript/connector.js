// A connector that is not Rust: one team and one person, made up.

const team = { resourceType: "team", id: "1" };
const person = { resourceType: "user", id: "ada" };
const member = { resource: team, slug: "member" };

const page = (items) => ({ items, next: [], warnings: [] });
const type = (id, displayName, traits, holds) =>
  ({ id, displayName, traits, hasEntitlements: holds, hasGrants: holds, permissions: [] });
const resource = (id, displayName, trait) =>
  ({ id, displayName, childResourceTypes: [], profile: [], traits: [trait] });
const user = {
  status: { state: "enabled" }, emails: [{ address: "ada@example.com", primary: true }], login: "ada",
  loginAliases: [], accountType: "human", employeeIds: [],
};

export const syncer = {
  metadata: () => ({
    displayName: "Toy", version: "0.1.0", description: "One team, one person.", requestLimits: [], furtherOrigins: [],
    furtherRequests: [], credentialHeaders: [], cannotSee: [],
  }),
  configSchema: () => [],
  validate: () => ({ warnings: [] }),
  listResourceTypes: () => [type("team", "Team", ["group"], true), type("user", "User", ["user"], false)],
  listResources: (kind) => page(kind === "team"
    ? [resource(team, "Engines", { tag: "group", val: {} })]
    : [resource(person, "Ada Lovelace", { tag: "user", val: user })]),
  listEntitlements: () => page(
    [{ id: member, displayName: "Engines member", purpose: "assignment", grantableTo: ["user"] }]),
  listGrants: () => page([{ entitlement: member, principal: person }]),
};
