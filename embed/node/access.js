// Every organization, and who is in its teams, as JSON lines.

import { syncer } from "./build/planetscale.js";

/** @import { Error as Refusal } from "./build/interfaces/baton-connector-syncer.js" */

/**
 * All items of a list: page after page, and a page may name several that follow.
 * @template {{ id?: object, entitlement?: object, principal?: object }} T
 * @param {(token?: string) => { items: T[], next: string[], warnings: object[] }} list
 */
function* all(list) {
  const seen = new Set();
  const tokens = /** @type {(string | undefined)[]} */ ([undefined]);
  while (tokens.length > 0) {
    const page = list(tokens.pop());
    for (const warning of page.warnings) console.error(JSON.stringify({ warning }));
    const ids = page.items.map((item) => item.id ?? [item.entitlement, item.principal]);
    for (const key of [...ids, ...page.next].map((part) => JSON.stringify(part))) {
      // Unnoticed, such a list would lack something or never end.
      if (seen.has(key)) throw new Error(`${key} came twice in one list, which changed while it was read: start again`);
      seen.add(key);
    }
    yield* page.items;
    tokens.push(...page.next);
  }
}

/** @param {object} record */
const print = (record) => console.log(JSON.stringify(record));

try {
  for (const organization of all((token) => syncer.listResources("organization", undefined, token))) {
    print({ organization: { id: organization.id.id, name: organization.displayName } });
    for (const team of all((token) => syncer.listResources("team", organization, token))) {
      for (const grant of all((token) => syncer.listGrants(team, token))) {
        print({ grant: { team: team.id.id, slug: grant.entitlement.slug, user: grant.principal.id } });
      }
    }
  }
} catch (error) {
  // An answer that is an error is thrown; its payload is the contract's variant `error`.
  const refusal = /** @type {{ payload?: Refusal }} */ (error).payload;
  if (!refusal) throw error;
  console.error(JSON.stringify(refusal));
  process.exitCode = 1;
}
