"""The role as a template: one text for the account that is connected, and as a StackSet for every other."""

from __future__ import annotations

import json
from typing import Any

from evidence.collectors.aws.organization import LIST

ROLE = "FieldworkReadOnly"


def role_template(platform_principal: str, external_id: str, policy: dict[str, Any]) -> str:
    """A CloudFormation template, in JSON, of the role that Fieldwork assumes: who may, under which condition, to read what.

    `ListsAccounts` is for the one account that lists the organisation's accounts; everywhere else it stays "no".
    """
    condition = {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    trust = {"Effect": "Allow", "Principal": {"AWS": {"Ref": "Principal"}}, "Action": "sts:AssumeRole", "Condition": condition}
    listing = {"Effect": "Allow", "Action": [LIST], "Resource": "*"}
    return json.dumps({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role through which Fieldwork reads this account. It can change nothing.",
        "Parameters": {
            "Principal": {"Type": "String", "Default": platform_principal},
            "ExternalId": {"Type": "String", "Default": external_id},
            "RoleName": {"Type": "String", "Default": ROLE},
            "ListsAccounts": {"Type": "String", "Default": "no", "AllowedValues": ["yes", "no"]},
        },
        "Conditions": {"Lists": {"Fn::Equals": [{"Ref": "ListsAccounts"}, "yes"]}},
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"}, "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                    "Policies": [{"PolicyName": "read", "PolicyDocument": policy}],
                },
            },
            "Listing": {
                "Type": "AWS::IAM::Policy", "Condition": "Lists",
                "Properties": {
                    "PolicyName": "list-accounts", "Roles": [{"Ref": "Role"}],
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [listing]},
                },
            },
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }, indent=2)  # fmt: skip
