"""Every role and what it may do, in one table. External auditors hold a Seat instead (decisions, 10)."""

from __future__ import annotations

from enum import StrEnum

from .permissions import Permission as P


class Role(StrEnum):
    """The role of a membership."""

    ADMINISTRATOR = "administrator"
    COMPLIANCE_MANAGER = "compliance_manager"
    CONTROL_OWNER = "control_owner"
    APPROVER = "approver"
    ADVISER = "adviser"
    EMPLOYEE = "employee"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(role.value, role.label) for role in cls]


_READ_REGISTER = frozenset({
    P.ORGANIZATION_VIEW, P.PEOPLE_VIEW, P.FRAMEWORK_VIEW, P.PROGRAMME_VIEW, P.SCOPE_VIEW, P.CONTROL_VIEW,
    P.EVIDENCE_VIEW, P.CONNECTION_VIEW, P.GAP_VIEW, P.AUDIT_VIEW, P.REQUEST_VIEW, P.REPORT_VIEW, P.DASHBOARD_VIEW,
    P.WORK_VIEW, P.LEDGER_VIEW, P.DESCRIPTION_VIEW, P.ROUND_VIEW, P.REVIEW_VIEW, P.APPLICABILITY_VIEW,
    P.PACK_VIEW, P.ACCESS_REVIEW_VIEW,
})
#: Whoever owns a control answers for it, whatever else they are.
_OWN = frozenset({
    P.PARTY_REVIEW_OWN, P.SCOPE_ANSWER_OWN, P.ROUND_ACT_OWN, P.EVIDENCE_PROVIDE_OWN, P.GAP_CHANGE_OWN, P.REQUEST_ANSWER_OWN,
    P.REVIEW_ANSWER_OWN, P.EXCEPTION_ASK, P.ACCESS_REVIEW_DECIDE_OWN, P.EVIDENCE_ANSWER_OWN,
})
_MANAGE_PROGRAMME = _READ_REGISTER | {
    P.TRAIL_VIEW, P.FRAMEWORK_CHANGE, P.PROGRAMME_CHANGE, P.SCOPE_CHANGE, P.SCOPE_DECIDE, P.CONTROL_CHANGE,
    P.CONTROL_CONCLUDE, P.REVIEW_ANSWER_OWN, P.REVIEW_MANAGE, P.APPLICABILITY_CHANGE,
    P.ACCESS_REVIEW_DECIDE_OWN, P.ACCESS_REVIEW_MANAGE, P.EVIDENCE_ANSWER_OWN,
    P.EVIDENCE_PROVIDE, P.EVIDENCE_PROVIDE_OWN, P.EVIDENCE_REVIEW, P.RUN_START, P.GAP_CHANGE, P.GAP_CHANGE_OWN,
    P.CHECK_CHANGE, P.EXCEPTION_ASK, P.FACT_PUSH,
    P.AUDIT_MANAGE, P.REQUEST_ANSWER, P.REQUEST_ANSWER_OWN, P.REQUEST_MANAGE,
    P.LEDGER_CHANGE, P.DESCRIPTION_CHANGE, P.ROUND_CHANGE, P.ROUND_ACT_OWN, P.PACK_MAKE,
}

ROLES: dict[Role, frozenset[P]] = {
    Role.ADMINISTRATOR: _READ_REGISTER | _OWN | {
        P.ORGANIZATION_CHANGE, P.PEOPLE_MANAGE, P.TOKEN_MANAGE, P.TRAIL_VIEW, P.CONNECTION_MANAGE, P.RUN_START,
        P.FACT_PUSH,
    },
    Role.COMPLIANCE_MANAGER: _MANAGE_PROGRAMME | {
        P.CONNECTION_MANAGE, P.TOKEN_MANAGE, P.PEOPLE_MANAGE, P.PROGRAMME_APPROVE,
        P.APPLICABILITY_APPROVE, P.EXCEPTION_APPROVE,
    },
    Role.CONTROL_OWNER: _READ_REGISTER | _OWN,
    Role.APPROVER: _READ_REGISTER | _OWN | {
        P.TRAIL_VIEW, P.CONTROL_CONCLUDE, P.EVIDENCE_REVIEW, P.DESCRIPTION_APPROVE, P.PROGRAMME_APPROVE,
        P.APPLICABILITY_APPROVE, P.PACK_MAKE, P.EXCEPTION_APPROVE, P.EXCEPTION_APPROVE_WHOLE,
    },
    Role.ADVISER: _MANAGE_PROGRAMME,
    Role.EMPLOYEE: frozenset({P.WORK_VIEW, P.EVIDENCE_ANSWER_OWN}),
}


def permissions_of(role: str) -> frozenset[P]:
    """What a role may do; an unknown role may do nothing."""
    try:
        return ROLES[Role(role)]
    except ValueError:
        return frozenset()
