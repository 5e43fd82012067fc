/**
 * PostgreSQL, physically: base backups and incrementals as the server sends them, the write-ahead
 * log as it is written, recovery to any point of it, and drills that start a server on what was
 * restored. No binary of PostgreSQL is needed but by drills.
 */
@NullMarked
package dev.copperplate.backup.postgres;

import org.jspecify.annotations.NullMarked;
