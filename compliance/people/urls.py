from django.urls import path

from .views import invitations, members, settings, tokens

app_name = "people"
urlpatterns = [
    path("people/", members.members, name="members"),
    path("people/invite/", invitations.invite, name="invite"),
    path("people/<uuid:membership>/", members.member, name="member"),
    path("people/<uuid:membership>/end/", members.end, name="end"),
    path("people/invitations/<uuid:invitation>/again/", invitations.invite_again, name="invite_again"),
    path("people/invitations/<uuid:invitation>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("settings/", settings.settings, name="settings"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.create, name="create_token"),
    path("tokens/<uuid:token>/revoke/", tokens.revoke, name="revoke_token"),
]
