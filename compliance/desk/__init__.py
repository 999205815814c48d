"""What waits for a person: the ground floor asks, every floor above answers (docs/decisions, registries on the ground).

No models: an app registers its contributor in `AppConfig.ready`, and the pages and mails read what all of them say.
"""
