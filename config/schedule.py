"""Every periodic task, in one table. Each walks the organisations; what is due is decided by rows, not by these times."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    # what                        task                                             when
    "make due runs":             {"task": "evidence.collectors.tasks.sweep_runs",  "schedule": 60.0},
    "forget refused pushes":     {"task": "evidence.collectors.tasks.sweep_refusals", "schedule": crontab(minute="35", hour="*")},
    "make due populations":      {"task": "evidence.populations.tasks.sweep_drafts", "schedule": 60.0},
    "repair freshness":          {"task": "evidence.tasks.sweep_freshness",        "schedule": crontab(minute="*/15")},
    "sign the evidence logs":    {"task": "evidence.log.tasks.sweep_checkpoints",  "schedule": crontab(minute="*/10")},
    "look the logs over":        {"task": "evidence.tasks.sweep_log",              "schedule": crontab(minute="15", hour="3")},
    "go on with look-backs":      {"task": "evidence.judging.tasks.sweep_look_backs", "schedule": crontab(minute="25", hour="*")},
    "look into documents":       {"task": "evidence.reading.tasks.sweep_documents", "schedule": crontab(minute="*/5")},
    "sweep uploads":             {"task": "evidence.uploads.tasks.sweep_uploads",  "schedule": crontab(minute="25", hour="*")},
    "judge scope warnings":      {"task": "compliance.scoping.tasks.sweep_warnings", "schedule": crontab(minute="*/15")},
    "keep control reviews":      {"task": "controls.reviews.tasks.sweep_reviews",  "schedule": crontab(minute="3", hour="*")},
    "look for removed access":   {"task": "evidence.accessreviews.tasks.sweep_removals", "schedule": crontab(minute="*/15")},
    "remind who was asked":      {"task": "evidence.requests.tasks.sweep_requests", "schedule": crontab(minute="11", hour="*")},
    "reconcile gaps":            {"task": "gaps.tasks.sweep_gaps",                 "schedule": crontab(minute="7", hour="*/6")},
    "rebuild figures":           {"task": "audits.readiness.tasks.sweep_figures",  "schedule": crontab(minute="*/10")},
    "make due packs":            {"task": "evidence.packs.tasks.sweep_packs",      "schedule": 60.0},
    "make due reports":          {"task": "audits.reports.tasks.sweep_reports",    "schedule": 60.0},
    "total portal downloads":    {"task": "audits.tasks.sweep_portal_totals",      "schedule": crontab(minute="20", hour="*")},
    "send the daily digest":     {"task": "audits.tasks.sweep_digests",            "schedule": crontab(minute="0", hour="*")},
    "forget answers to writes":  {"task": "compliance.people.tasks.sweep_answers", "schedule": crontab(minute="40", hour="2")},
}
