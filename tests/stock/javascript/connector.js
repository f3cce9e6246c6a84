// A connector for Acme, a made-up system: plain JavaScript, jco, and the contract.

import { get } from "wasi:config/store@0.2.0-rc.1";

// The access token and when it ends. Another instance asks for its own.
let token = { text: "", end: 0 };

const error = (tag, message, more) => {
  throw { tag, val: more ? { failure: { message }, ...more } : { message } };
};

function config(name) {
  const value = get(name);
  if (!value) throw { tag: "config", val: { field: name, message: "has no value" } };
  return value;
}

async function send(path, init) {
  let reply, text;
  try {
    reply = await fetch(config("acme-url").replace(/\/$/, "") + path, init);
    text = await reply.text();
  } catch (cause) {
    // What the contract knows is told as it is.
    if (cause.tag) throw cause;
    error("again", `Acme did not answer ${path}`, { after: undefined });
  }
  const { status } = reply;
  if (status === 200) {
    try {
      return JSON.parse(text);
    } catch {
      error("reply", `Acme's reply to ${path} is no JSON`, { path: "" });
    }
  }
  const failure = { message: `Acme answered ${path} with status ${status}`, httpStatus: status };
  const after = Number.parseInt(reply.headers.get("retry-after") ?? "", 10);
  const passing = { failure, after: Number.isNaN(after) ? undefined : after };
  if (status === 429) throw { tag: "wait", val: passing };
  if (status >= 500) throw { tag: "again", val: passing };
  // Acme answers 404 for what was deleted, and for nothing else.
  const tag = { 401: "credentials", 403: "access", 404: "gone" }[status];
  throw tag ? { tag, val: failure } : { tag: "reply", val: { failure, path: "" } };
}

async function access() {
  if (Date.now() >= token.end) {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: config("acme-client-id"),
      client_secret: config("acme-client-secret"),
    }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const reply = await send("/oauth/token", { method: "POST", headers, body });
    token = { text: reply.access_token, end: Date.now() + (reply.expires_in - 30) * 1000 };
  }
  return token.text;
}

// A digest, so that a page token of another list is known.
function digest(text) {
  let sum = 0x811c9dc5;
  for (const letter of text) sum = Math.imul(sum ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return sum.toString(16);
}

// A page of a list as records. Its token is Acme's cursor behind the list's digest.
async function list(path, pageToken, record) {
  const mark = `${digest(path)}.`;
  if (pageToken && !pageToken.startsWith(mark)) error("internal", "the page token is of another list");
  const query = pageToken ? `?cursor=${pageToken.slice(mark.length)}` : "";
  const found = await send(path + query, { headers: { authorization: `Bearer ${await access()}` } });
  const next = found.next ? [mark + found.next] : [];
  return { items: found.items.map(record), next, total: found.total, warnings: [] };
}

const resource = (resourceType, { id, name }, trait, profile = []) => (
  { id: { resourceType, id }, displayName: name, childResourceTypes: [], profile, traits: [trait] }
);

const records = {
  user: (found) => resource("user", found, {
    tag: "user",
    val: {
      status: { state: { active: "enabled", invited: "pending" }[found.state] ?? "disabled", details: found.state },
      emails: found.email ? [{ address: found.email, primary: true }] : [],
      login: found.email ?? undefined,
      loginAliases: [],
      accountType: found.service ? "service" : "human",
      employeeIds: [],
    },
  }, [{ key: "logins", value: { tag: "integer", val: BigInt(found.logins) } }]),
  group: (found) => resource("group", found, { tag: "group", val: { source: "native" } }),
  role: (found) => resource("role", found, { tag: "role" }),
  credential: (found) => resource("credential", found, {
    tag: "secret",
    val: {
      expiresAt: { seconds: BigInt(found.expires), nanoseconds: 0 },
      identity: { resourceType: "user", id: found.user },
    },
  }),
};

// The one thing that a group or a role offers.
const entitlementId = (id) => ({ resource: id, slug: id.resourceType === "group" ? "member" : "assigned" });

const field = (name, displayName, description, tag, secret) => (
  { name, displayName, description, kind: { tag }, required: true, secret }
);

const type = (id, displayName, trait, holds) => (
  { id, displayName, traits: [trait], hasEntitlements: holds, hasGrants: holds, permissions: ["read"] }
);

export const syncer = {
  metadata: () => ({
    displayName: "Acme",
    version: "0.1.0",
    description: "Reads the users, groups, roles and credentials of Acme.",
    requestLimits: [],
    furtherOrigins: [],
    furtherRequests: [{
      method: "POST",
      url: "{acme-url}/oauth/token",
      reason: "Acme gives an access token for the client's id and secret.",
    }],
    credentialHeaders: [],
    cannotSee: [{ message: "Acme does not tell who made a credential.", resourceTypes: ["credential"] }],
  }),

  configSchema: () => [
    field("acme-url", "Address", "Where your Acme is.", "url", false),
    field("acme-client-id", "Client id", "Of a client that may read.", "text", false),
    field("acme-client-secret", "Client secret", "The client's secret.", "text", true),
  ],

  async validate() {
    await list("/api/users", undefined, records.user);
    return { identity: config("acme-client-id"), warnings: [] };
  },

  listResourceTypes: () => [
    type("user", "User", "user", false),
    type("group", "Group", "group", true),
    type("role", "Role", "role", true),
    type("credential", "Credential", "secret", false),
  ],

  listResources: (kind, parent, pageToken) =>
    parent ? { items: [], next: [], warnings: [] } : list(`/api/${kind}s`, pageToken, records[kind]),

  listEntitlements(of) {
    const id = entitlementId(of.id);
    const purpose = id.slug === "member" ? "assignment" : "permission";
    const displayName = `${of.displayName} ${id.slug}`;
    return { items: [{ id, displayName, purpose, grantableTo: ["user", "group"] }], next: [], warnings: [] };
  },

  listGrants(of, pageToken) {
    const { resourceType, id } = of.id;
    const path = `/api/${resourceType}s/${id}/${resourceType === "group" ? "members" : "assignments"}`;
    return list(path, pageToken, (found) => {
      const principal = { resourceType: found.kind, id: found.id };
      // Who is in a group that is a member is one, too.
      const inner = { entitlements: [entitlementId(principal)], shallow: false, resourceTypes: [] };
      return { entitlement: entitlementId(of.id), principal, expansion: found.kind === "group" ? inner : undefined };
    });
  },
};
