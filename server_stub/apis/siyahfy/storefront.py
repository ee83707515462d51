"""The storefront of the `siyahfy` API: customers sign up, sign in and look after their own account."""

from fastapi import APIRouter

router = APIRouter()
