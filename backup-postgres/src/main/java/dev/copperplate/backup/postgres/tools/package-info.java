/**
 * PostgreSQL's own programs: which are there, how they reach a server, and how they are run without
 * a secret on their command line or in what they say. For the other packages of this module, not
 * for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.tools;

import org.jspecify.annotations.NullMarked;
