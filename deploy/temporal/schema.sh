#!/bin/sh
# Makes Temporal's two databases and brings them to the version of these tools. Repeating it changes nothing; where to
# connect stands in SQL_HOST and its kin.
set -eu
update() {
  temporal-sql-tool --database "$1" create-database
  temporal-sql-tool --database "$1" setup-schema --version 0.0
  temporal-sql-tool --database "$1" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}
update temporal temporal
update temporal_visibility visibility
