/**
 * PostgreSQL's replication protocol over a connection of the driver. For the other packages of this
 * module, not for users.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-replication.html">PostgreSQL,
 *     "Streaming Replication Protocol"</a>
 */
@NullMarked
package dev.copperplate.backup.postgres.replication;

import org.jspecify.annotations.NullMarked;
