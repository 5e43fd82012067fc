/**
 * How a database becomes a logical snapshot: definitions by pg_dump, rows by COPY, all of one
 * moment. Its layout and the records of its tables are read by who brings it back. For the other
 * packages of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.dump;

import org.jspecify.annotations.NullMarked;
