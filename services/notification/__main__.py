"""`python -m notification` sends mails until it is stopped. Status 78: a setting is missing or wrong."""

from __future__ import annotations

from gongxue_chassis import process  # makes sockets green: before anything that may open one

# isort: split
from gongxue_chassis.settings import load_or_refuse
from notification.config import Settings
from notification.service import NotificationService

if __name__ == "__main__":
    settings = load_or_refuse(Settings.from_env)
    process.serve(NotificationService, settings.plumbing, settings)
