/**
 * What feeds consumers of changes: slots, publications and subscriptions, read, stored, made again
 * and mended. For the classes of the root package, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.slots;

import org.jspecify.annotations.NullMarked;
