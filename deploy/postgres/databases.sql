-- Runs once, when the volume is empty. Temporal's schema job makes Temporal's own two databases.
\set ON_ERROR_STOP on
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv archive_password ARCHIVE_DB_PASSWORD
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
CREATE ROLE archive LOGIN PASSWORD :'archive_password';
CREATE DATABASE archive OWNER archive;
-- Closed complaints hold the customers' own words: no other role may even connect.
REVOKE ALL ON DATABASE archive FROM PUBLIC;
