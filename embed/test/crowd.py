"""A scenario with 100,000 grants: an organization of a thousand people who are in each of its 99 teams."""

PEOPLE = 1000
TEAMS = 99
GRANTS = PEOPLE + TEAMS * PEOPLE


def crowd() -> dict:
    """The scenario as data; what is not said has its default."""
    people = [f"person{number:04}" for number in range(PEOPLE)]
    return {
        "name": "crowd",
        # The entries of the team list would hold a hundred thousand people on one page.
        "inline_members": "empty",
        "people": [
            {"id": person, "name": person, "display_name": person.title(), "email": f"{person}@crowd.example"}
            for person in people
        ],
        "organizations": [
            {
                "id": "crowd",
                "name": "crowd",
                # An organization always has an administrator.
                "members": [
                    {"person": person, "role": "member" if at else "admin"} for at, person in enumerate(people)
                ],
                "teams": [
                    {"id": f"team{number}", "slug": f"team{number}", "name": f"team{number}", "members": people}
                    for number in range(TEAMS)
                ],
            }
        ],
    }
