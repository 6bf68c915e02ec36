"""The demo at /demo/ of every portal; included only when the demo flag is set."""

from django.urls import path

from tenants.views import demo, mailbox

app_name = "demo"
urlpatterns = [
    path("", demo.index, name="index"),
    path("sign-in/", demo.sign_in, name="sign-in"),
    path("clock/", demo.move_clock, name="clock"),
    path("mail", demo.without_slash, name="mail-without-slash"),
    path("mail/", mailbox.inbox, name="mail"),
    path("mail/<str:key>/", mailbox.message, name="message"),
    path("mail/<str:key>/html/<str:scheme>/", mailbox.body, name="message-html"),
]
