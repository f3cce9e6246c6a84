// The lines of a sync, as `docs/json-lines.md` describes them. A field that has no value is not there.

export type Line =
  | { resourceType: ResourceType }
  | { resource: Resource }
  | { entitlement: Entitlement }
  | { grant: Grant }
  | { warning: Warning }
  | { complete: Complete };

export interface ResourceId {
  resourceType: string;
  resource: string;
}

export interface ResourceType {
  id: string;
  displayName: string;
  description?: string;
  traits?: ("TRAIT_USER" | "TRAIT_GROUP" | "TRAIT_ROLE" | "TRAIT_APP" | "TRAIT_SECRET")[];
  annotations?: Annotation[];
}

export interface Resource {
  id: ResourceId;
  parentResourceId?: ResourceId;
  displayName: string;
  description?: string;
  /** RFC 3339. */
  createdAt?: string;
  status?: { status?: string; details?: string };
  /** Whole numbers past 2^53 are texts. */
  profile?: Record<string, string | number | boolean | string[]>;
  annotations?: Annotation[];
}

export interface Entitlement {
  /** `type:id:slug`. */
  id: string;
  slug: string;
  displayName: string;
  description?: string;
  purpose?: "PURPOSE_VALUE_ASSIGNMENT" | "PURPOSE_VALUE_PERMISSION" | "PURPOSE_VALUE_OWNERSHIP";
  grantableTo?: { id: string; displayName?: string }[];
  resource: Resource;
}

export interface Grant {
  /** `type:id:slug:type:id`. */
  id: string;
  entitlement: { id: string; resource: { id: ResourceId } };
  principal: { id: ResourceId };
  annotations?: Annotation[];
}

export interface Warning {
  message: string;
  resource?: ResourceId;
}

export interface Complete {
  resourceType: number;
  resource: number;
  entitlement: number;
  grant: number;
}

export type Annotation = UserTrait | { "@type": string; [field: string]: unknown };

export interface UserTrait {
  "@type": "type.googleapis.com/c1.connector.v2.UserTrait";
  emails?: { address: string; isPrimary?: boolean }[];
  status?: { status?: string; details?: string };
  accountType?: string;
  login?: string;
  loginAliases?: string[];
  lastLogin?: string;
  /** Not there: not known. Without a field: no. */
  mfaStatus?: { mfaEnabled?: boolean };
  ssoStatus?: { ssoEnabled?: boolean };
  structuredName?: { givenName?: string; familyName?: string; middleNames?: string[]; prefix?: string; suffix?: string };
  employeeIds?: string[];
}
