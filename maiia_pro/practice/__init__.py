"""Clients, sites, practitioners and their public profiles."""
