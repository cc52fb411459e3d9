"""Words for the codes of the domain. The English is the key of the catalogue."""

from __future__ import annotations

from gateway.web.speech import mark

KINDS = {
    "co_training": mark("Co-training"),
    "sig_meeting": mark("SIG meeting"),
    "forum": mark("Forum"),
    "workshop": mark("Workshop"),
    "expo": mark("Expo"),
    "observation_visit": mark("Observation visit"),
}

THEMES = {
    "local_care": mark("Local care"),
    "environment": mark("Sustainable environment"),
    "industry_economy": mark("Industry links and sustainable economy"),
    "health_food": mark("Health promotion and food safety"),
    "culture": mark("Sustainable culture"),
    "other": mark("Other social practice"),
}

GOALS = {
    1: mark("No poverty"),
    2: mark("Zero hunger"),
    3: mark("Good health and well-being"),
    4: mark("Quality education"),
    5: mark("Gender equality"),
    6: mark("Clean water and sanitation"),
    7: mark("Affordable and clean energy"),
    8: mark("Decent work and economic growth"),
    9: mark("Industry, innovation and infrastructure"),
    10: mark("Reduced inequalities"),
    11: mark("Sustainable cities and communities"),
    12: mark("Responsible consumption and production"),
    13: mark("Climate action"),
    14: mark("Life below water"),
    15: mark("Life on land"),
    16: mark("Peace, justice and strong institutions"),
    17: mark("Partnerships for the goals"),
}
"""The Sustainable Development Goals by their numbers."""

POOLS = {"onsite": mark("On site"), "online": mark("Online")}

STATUSES = {
    "draft": mark("Draft"),
    "open": mark("Open for registration"),
    "waiting": mark("Waiting list only"),
    "full": mark("Full"),
    "closed": mark("Registration closed"),
    "cancelled": mark("Cancelled"),
    "over": mark("Over"),
}

REGISTRATIONS = {
    "confirmed": mark("Confirmed"),
    "waiting": mark("On the waiting list"),
    "cancelled": mark("Cancelled"),
}

ROLES = {
    "staff": mark("Staff"),
    "window": mark("School window"),
    "host": mark("Host"),
    "center": mark("Promotion Center"),
    "operator": mark("Operator"),
}

COUNTIES = {
    "keelung": mark("Keelung"),
    "taipei": mark("Taipei"),
    "new-taipei": mark("New Taipei"),
    "taoyuan": mark("Taoyuan"),
    "hsinchu-city": mark("Hsinchu City"),
    "hsinchu-county": mark("Hsinchu County"),
    "miaoli": mark("Miaoli"),
    "taichung": mark("Taichung"),
    "changhua": mark("Changhua"),
    "nantou": mark("Nantou"),
    "yunlin": mark("Yunlin"),
    "chiayi-city": mark("Chiayi City"),
    "chiayi-county": mark("Chiayi County"),
    "tainan": mark("Tainan"),
    "kaohsiung": mark("Kaohsiung"),
    "pingtung": mark("Pingtung"),
    "yilan": mark("Yilan"),
    "hualien": mark("Hualien"),
    "taitung": mark("Taitung"),
    "penghu": mark("Penghu"),
    "kinmen": mark("Kinmen"),
    "lienchiang": mark("Lienchiang"),
}
