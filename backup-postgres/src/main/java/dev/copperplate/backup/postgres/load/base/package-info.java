/**
 * How single tables come out of base backups. For the root package of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.load.base;

import org.jspecify.annotations.NullMarked;
