"""Who has access to what in PlanetScale, as records.

    connector = Connector({"planetscale-service-token": "id:value"})
    for record in connector.sync():
        match record:
            case Grant():
                print(record.principal, "holds", record.entitlement)

The last record is `Complete`; without it, what came is not a sync.
"""

from planetscale_access.connector import Connector, ConnectorCrash, ConnectorError, Stopped
from planetscale_access.records import (
    Complete, Email, Entitlement, Grant, Record, Resource, ResourceId, ResourceType, User, Warned,
)

__all__ = [
    "Complete", "Connector", "ConnectorCrash", "ConnectorError", "Email", "Entitlement", "Grant", "Record", "Resource",
    "ResourceId", "ResourceType", "Stopped", "User", "Warned",
]
