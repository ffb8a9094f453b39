"""The web channel: a citizen's chat, the rooms of units and coordinators, and the demo that shows all three."""

from bot.channels.web.channel import Web
from bot.channels.web.doors import Demo, Door, Doors, Move
from bot.channels.web.serving import listen, port_of, serve

__all__ = ["Demo", "Door", "Doors", "Move", "Web", "listen", "port_of", "serve"]
