"""Outside services, each with its client and a stand-in that speaks its protocol."""
