"""One package an API: its wire shapes and its routes, over the shared domain store. A new API is one more line here."""

from server_stub.apis.api import Api
from server_stub.apis.modules import API as MODULES
from server_stub.apis.portal import API as PORTAL
from server_stub.apis.pos import API as POS
from server_stub.apis.selorax import API as SELORAX
from server_stub.apis.siyahfy import API as SIYAHFY

APIS: dict[str, Api] = {api.name: api for api in (POS, SELORAX, MODULES, PORTAL, SIYAHFY)}
