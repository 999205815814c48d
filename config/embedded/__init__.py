"""PostgreSQL and Redis without installing either: what `./run` stands on where no server is given.

Nothing here imports Django: the environment made here is what the settings are read from.

    locations    where a clone keeps its servers' files, outside the clone
    account      the unprivileged user that runs the servers where we are root
    binaries     the servers' programs, found or copied
    credentials  passwords and keys, made once
    postgres     one cluster: made, started, stopped
    redis        one Redis: started, stopped
    keeper       the process that owns both while anybody uses them
    services     what a command calls: `with services(): …`
    supervisor   the demo's own processes
"""
