/**
 * Text of SQL, for every package of this module that makes statements. Not for users.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-syntax-lexical.html">PostgreSQL, "Lexical
 *     Structure"</a>
 */
@NullMarked
package dev.copperplate.backup.postgres.sql;

import org.jspecify.annotations.NullMarked;
