"""Logs for the tests of those who read them: commits as the registration service writes them, by hand."""

from __future__ import annotations

from typing import Any

Fact = tuple[str, dict[str, Any]]
Answer = tuple[str, list[Fact] | str]


def seats(limit: int, taken: int, waiting: int) -> dict[str, Any]:
    return {"onsite": {"limit": limit, "taken": taken, "waiting": waiting}}


def published(limit: int, waiting_limit: int = 9) -> Fact:
    details = {"pools": {"onsite": limit}, "waiting_limit": waiting_limit}
    return "ActivityPublished", {"details": details, "seats": seats(limit, 0, 0)}


def fact(name: str, registration: str, after: tuple[int, int, int], person: str = "", **more: Any) -> Fact:
    who = {"registration": registration, "person": person or f"p-{registration}", "pool": "onsite"}
    return name, {**who, **more, "seats": seats(*after)}


def refused(code: str, **details: Any) -> str:
    return " ".join([code, *(f"{name}={value}" for name, value in details.items())])


def log(*commits: list[Answer]) -> list[dict[str, Any]]:
    """Documents from lists of (command, its facts or its refusal as `refused` gives it)."""
    found: list[dict[str, Any]] = []
    first = 1
    for seq, answers in enumerate(commits, start=1):
        facts: list[dict[str, Any]] = []
        told = []
        for index, (command, outcome) in enumerate(answers):
            if isinstance(outcome, str):
                code, *details = outcome.split()
                refusal = {"code": code, "details": dict(one.split("=") for one in details)}
                told.append({"id": command, "refused": refusal})
            else:
                told.append({"id": command, "first": len(facts), "count": len(outcome)})
                facts += [{"type": name, "data": data, "answer": index} for name, data in outcome]
        found.append(
            {"_id": f"activity:a@{seq}", "seq": seq, "first": first, "facts": facts, "answers": told}
        )
        first += len(facts)
    return found
