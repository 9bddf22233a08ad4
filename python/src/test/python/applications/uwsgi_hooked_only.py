"""No application."""

import uwsgi

uwsgi.mule_msg_hook = print
