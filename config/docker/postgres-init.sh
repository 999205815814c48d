#!/bin/sh
# Runs once, as the superuser, on a new volume: two roles, neither superuser nor able to bypass row-level security.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname template1 \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE fieldwork_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE fieldwork_app LOGIN NOCREATEDB NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD :'app_password';
-- In the template, so that every database made from it has them.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE fieldwork_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO fieldwork_app;
ALTER DEFAULT PRIVILEGES FOR ROLE fieldwork_owner GRANT USAGE, SELECT ON SEQUENCES TO fieldwork_app;
SQL
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE DATABASE fieldwork OWNER fieldwork_owner;
REVOKE ALL ON DATABASE fieldwork FROM PUBLIC;
GRANT CONNECT ON DATABASE fieldwork TO fieldwork_app;
SQL
