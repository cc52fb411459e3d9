"""Examples for the description: what a program sends, and what it gets."""

from __future__ import annotations

from typing import Any

_REGISTRATION_ID = "2f1c8a34-7d0e-5f57-9d0c-5f3c5a1b7e11"
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_TITLE = {"zh": "敘事力工作坊", "en": "Telling stories"}
_SUMMARY = {"zh": "把計畫的故事說給人聽。", "en": "How to tell the story of a project."}

OF_PARAMETERS: dict[str, str] = {
    "activity": "storytelling-2026",
    "registration": _REGISTRATION_ID,
    "school": "nchu",
    "person": "p0123456789abcdef0123",
    "scope": "nchu",
    "role": "host",
    "sig": "satoyama-carbon",
    "record": "r-2f1c8a34-7d0e-5f57-9d0c-5f3c5a1b7e11",
    "command": _REGISTRATION_ID,
    "token": "t0123456789abcdef0123",
    "export": "0123456789abcdef0123456789abcdef",
    "erasure": "kJ3nX0aQ7vYt2mB9cL5pR8sW1dE6fG4h",
    "session": _HASH,
    "way": _HASH,
}

_ACTIVITY: dict[str, Any] = {
    "kind": "co_training",
    "host": "nchu",
    "title": _TITLE,
    "summary": _SUMMARY,
    "venue": {"zh": "臺中市南區興大路145號", "en": ""},
    "theme": "culture",
    "county": "taichung",
    "sdgs": [4, 11],
    "starts_at": "2026-12-17T01:00:00.000Z",
    "ends_at": "2026-12-17T08:00:00.000Z",
    "waiting_limit": 20,
}

_REGISTRATION: dict[str, Any] = {
    "id": _REGISTRATION_ID,
    "activity": "storytelling-2026",
    "person": "p0123456789abcdef0123",
    "school": "ncku",
    "pool": "onsite",
    "status": "waiting",
    "place": 3,
    "registered_at": "2026-11-23T02:00:00.000Z",
    "changed_at": "2026-11-23T02:00:00.000Z",
}

_TOKEN: dict[str, Any] = {
    "id": "t0123456789abcdef0123",
    "kind": "personal",
    "name": "calendar of the department",
    "person": "p0123456789abcdef0123",
    "school": "nchu",
    "scopes": ["read"],
    "created": "2026-11-23T02:00:00.000Z",
    "expires": "2027-02-21T02:00:00.000Z",
    "used": None,
}

_CHARTER: dict[str, Any] = {
    "title": {"zh": "里山根經濟與農林碳匯", "en": "Satoyama economies and carbon sinks"},
    "theme": "environment",
    "goals": {"zh": "讓各校的里山計畫彼此觀摩。", "en": "Projects of all schools learn from each other."},
    "scope": {"zh": "淺山地區的農業與林業。", "en": "Farms and forests of the foothills."},
    "joining": "request",
}

OF_SCHEMAS: dict[str, Any] = {
    "NewSig": _CHARTER,
    "SigChanges": {"joining": "open"},
    "SigTerm": {"until": "2027-11-30"},
    "ConvenorTerm": {"starts_on": "2026-12-01", "ends_on": "2027-11-30"},
    "Handover": {"to": "p0123456789abcdef0123", "ends_on": "2027-11-30"},
    "NewRecord": {
        "kind": "minutes",
        "title": {"zh": "第一次會議紀錄", "en": "Minutes of the first meeting"},
        "held_on": "2026-11-20",
        "link": "https://usr.nchu.edu.tw/minutes-1.pdf",
        "attended": 24,
    },
    "NewRenewal": {"statement": {"zh": "明年想與林業試驗所合作。", "en": ""}},
    "NewActivity": {**_ACTIVITY, "pools": {"onsite": 60, "online": 200}},
    "ActivityChanges": {"pools": {"onsite": 80}},
    "Activity": {
        "id": "storytelling-2026",
        **_ACTIVITY,
        "status": "published",
        "reason": None,
        "seats": {"onsite": {"limit": 60, "taken": 60, "waiting": 3}},
    },
    "NewRegistration": {"pool": "onsite", "waiting_list": True},
    "Registration": _REGISTRATION,
    "PeopleToRegister": {"items": [{"person": "p0123456789abcdef0123", "pool": "online"}]},
    "RegisteredPerson": {
        "person": "p0123456789abcdef0123",
        "status": 201,
        "command": _REGISTRATION_ID,
        "registration": _REGISTRATION,
        "problem": None,
    },
    "NewSchool": {
        "id": "nchu",
        "name": {"zh": "國立中興大學", "en": "National Chung Hsing University"},
        "county": "taichung",
        "ror": "05vn3ca78",
        "moe_code": "0005",
        "website": "https://www.nchu.edu.tw",
    },
    "School": {
        "id": "nchu",
        "name": {"zh": "國立中興大學", "en": "National Chung Hsing University"},
        "summary": None,
        "county": "taichung",
        "ror": "05vn3ca78",
        "moe_code": "0005",
        "website": "https://www.nchu.edu.tw",
        "status": "admitted",
        "reason": None,
        "merged_into": None,
        "former_names": [],
    },
    "SchoolChanges": {"county": "taichung"},
    "PersonChanges": {"language": "en"},
    "NewName": {"name": {"zh": "新名", "en": ""}},
    "NewSignIn": {"issuer": None, "mail_domains": ["nchu.edu.tw"], "mail_links": True},
    "NewToken": {"name": "calendar of the department", "scopes": ["read"], "days": 90},
    "NewSchoolToken": {"name": "our own website", "scopes": ["read", "host"], "days": 365},
    "Token": _TOKEN,
    "MadeToken": {**_TOKEN, "secret": "gx_" + "0123456789" * 4 + "abc"},
    "Reason": {"reason": "颱風"},
    "Merge": {"into": "nchu"},
    "CommandStatus": {"id": _REGISTRATION_ID, "status": "pending", "location": None, "problem": None},
}
