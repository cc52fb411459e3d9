"""`python -m registration` serves registrations until it is stopped. Status 78: a setting is missing or wrong."""

from __future__ import annotations

from gongxue_chassis import process  # makes sockets green: before anything that may open one

# isort: split
from gongxue_chassis.settings import load_or_refuse
from registration import config
from registration.service import RegistrationService

if __name__ == "__main__":
    process.serve(RegistrationService, load_or_refuse(config.plumbing))
