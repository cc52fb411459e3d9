"""The addresses of signing in, and of how one is signed in."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from gateway.web import by_mail, by_provider, own_ways, sign_in_settings, signing_in, welcoming

ROUTES: list[BaseRoute] = [
    Route("/me/sign-in", own_ways.show, methods=["GET"]),
    Route("/me/sign-in/link", welcoming.ask_to_link, methods=["GET"]),
    Route("/me/sign-in/link", welcoming.link_accounts, methods=["POST"]),
    Route("/me/sign-in/remove", own_ways.remove, methods=["POST"]),
    Route("/me/sessions/end", own_ways.end, methods=["POST"]),
    Route("/me/sessions/end-others", own_ways.end_others, methods=["POST"]),
    Route("/schools/{school}/sign-in", sign_in_settings.show, methods=["GET"]),
    Route("/schools/{school}/sign-in", sign_in_settings.save, methods=["POST"]),
    Route("/sign-in", signing_in.begin, methods=["GET"]),
    Route("/sign-in", signing_in.sign_in, methods=["POST"]),
    Route("/sign-in/{school}", by_provider.set_out, methods=["GET"]),
    Route("/sign-in/{school}", by_mail.ask, methods=["POST"]),
    Route("/sign-in/{school}/back", by_provider.come_back, methods=["GET"]),
    Route("/sign-in/{school}/back-channel-logout", by_provider.ended_there, methods=["POST"]),
    Route("/sign-in/{school}/sent", by_mail.sent, methods=["GET"]),
    Route("/sign-in/{school}/link", by_mail.look_at_link, methods=["GET"]),
    Route("/sign-in/{school}/link", by_mail.use_link, methods=["POST"]),
    Route("/welcome", welcoming.ask_who, methods=["GET"]),
    Route("/welcome", welcoming.answer_who, methods=["POST"]),
    Route("/sign-out", signing_in.sign_out, methods=["POST"]),
    Route("/sign-out/{school}", by_provider.sign_out_there, methods=["GET"]),
    Route("/signed-out", by_provider.signed_out, methods=["GET"]),
]
