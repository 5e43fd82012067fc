/**
 * What a repository holds of a cluster: bases, commits of WAL, and how far recovery comes with
 * them. For the other packages of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.inventory;

import org.jspecify.annotations.NullMarked;
