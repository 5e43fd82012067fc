/**
 * Reads the SQL that pg_dump writes, a statement at a time, and knows which statements those are.
 * No command of psql is ever run. For the other packages of this module, not for users.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-syntax-lexical.html">PostgreSQL, "Lexical
 *     Structure"</a>
 */
@NullMarked
package dev.copperplate.backup.postgres.load.script;

import org.jspecify.annotations.NullMarked;
