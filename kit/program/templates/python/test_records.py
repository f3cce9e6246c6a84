"""Tests of the records; they need the bindings that README.md makes."""

import unittest

import baton_connector as baton
import records
from componentize_py_types import Err
from wit_world.exports.syncer import Error_Reply


class Records(unittest.TestCase):
    def test_a_user_is_named_by_what_there_is(self) -> None:
        found = records.user({"id": "u1", "name": "Ada\u202e", "email": None, "active": True})
        self.assertEqual(found.display_name, "Ada")
        self.assertEqual(records.user({"id": "u1", "active": False}).display_name, "u1")

    def test_who_is_in_a_group_that_is_a_member_is_one_too(self) -> None:
        group = records.group({"id": "g1", "name": "Everyone"})
        self.assertIsNone(records.member(group, {"kind": "user", "id": "u1"}).expansion)
        expansion = records.member(group, {"kind": "group", "id": "g2"}).expansion
        assert expansion is not None
        self.assertEqual(expansion.entitlements[0].resource.id, "g2")

    def test_what_is_missing_is_an_error_that_says_where(self) -> None:
        with self.assertRaises(Err) as raised:
            records.user({"id": "u1"})
        assert isinstance(raised.exception.value, Error_Reply)
        self.assertEqual(raised.exception.value.value.path, "active")
        with self.assertRaises(Err):
            baton.resource_id("user", "a\nb")


if __name__ == "__main__":
    unittest.main()
