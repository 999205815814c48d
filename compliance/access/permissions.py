"""Every permission of the product, in one enum. `app:noun:verb`."""

from enum import StrEnum


class Permission(StrEnum):
    """What may be done. A role is a set of these (roles.py); an API token's scopes are these too."""

    # compliance
    ORGANIZATION_VIEW = "compliance:organization:view"
    ORGANIZATION_CHANGE = "compliance:organization:change"
    PEOPLE_VIEW = "compliance:people:view"
    PEOPLE_MANAGE = "compliance:people:manage"
    TOKEN_MANAGE = "compliance:token:manage"
    TRAIL_VIEW = "compliance:trail:view"
    FRAMEWORK_VIEW = "compliance:framework:view"
    FRAMEWORK_CHANGE = "compliance:framework:change"
    PROGRAMME_VIEW = "compliance:programme:view"
    PROGRAMME_CHANGE = "compliance:programme:change"
    PROGRAMME_APPROVE = "compliance:programme:approve"
    SCOPE_VIEW = "compliance:scope:view"
    SCOPE_CHANGE = "compliance:scope:change"
    SCOPE_DECIDE = "compliance:scope:decide"
    PARTY_REVIEW_OWN = "compliance:party:review-own"
    LEDGER_VIEW = "compliance:ledger:view"
    LEDGER_CHANGE = "compliance:ledger:change"
    DESCRIPTION_VIEW = "compliance:description:view"
    DESCRIPTION_CHANGE = "compliance:description:change"
    DESCRIPTION_APPROVE = "compliance:description:approve"
    ROUND_VIEW = "compliance:round:view"
    ROUND_CHANGE = "compliance:round:change"
    ROUND_ACT_OWN = "compliance:round:act-own"
    # controls
    CONTROL_VIEW = "controls:control:view"
    CONTROL_CHANGE = "controls:control:change"
    CONTROL_CONCLUDE = "controls:control:conclude"
    APPLICABILITY_VIEW = "controls:applicability:view"
    APPLICABILITY_CHANGE = "controls:applicability:change"
    APPLICABILITY_APPROVE = "controls:applicability:approve"
    # evidence
    EVIDENCE_VIEW = "evidence:evidence:view"
    EVIDENCE_PROVIDE = "evidence:evidence:provide"
    EVIDENCE_PROVIDE_OWN = "evidence:evidence:provide-own"
    EVIDENCE_REVIEW = "evidence:evidence:review"
    CONNECTION_VIEW = "evidence:connection:view"
    CONNECTION_MANAGE = "evidence:connection:manage"
    RUN_START = "evidence:run:start"
    # gaps
    GAP_VIEW = "gaps:gap:view"
    GAP_CHANGE = "gaps:gap:change"
    GAP_CHANGE_OWN = "gaps:gap:change-own"
    # audits
    AUDIT_VIEW = "audits:audit:view"
    AUDIT_MANAGE = "audits:audit:manage"
    REQUEST_VIEW = "audits:request:view"
    REQUEST_ANSWER = "audits:request:answer"
    REQUEST_ANSWER_OWN = "audits:request:answer-own"
    REQUEST_MANAGE = "audits:request:manage"
    REPORT_VIEW = "audits:report:view"
    # everyday
    DASHBOARD_VIEW = "audits:dashboard:view"
    WORK_VIEW = "compliance:work:view"
