"""What `./run` does besides Django's own commands.

Plain modules, not Django commands: they decide the environment that the settings are read from.
"""
