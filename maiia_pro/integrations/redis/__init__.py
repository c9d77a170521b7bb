"""Redis: what several server processes share of the screens; without REDIS_URL nothing here does anything."""
