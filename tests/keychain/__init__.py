"""Tests of the keychain: real files, real keyrings."""
