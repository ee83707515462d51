"""The storefront of the `siyahfy` API: customers sign up, sign in and look after their own account."""

from fastapi import APIRouter

from server_stub.apis.siyahfy import storefront_accounts, storefront_addresses, storefront_profile

router = APIRouter()
for part in (storefront_accounts, storefront_profile, storefront_addresses):
    router.include_router(part.router)
