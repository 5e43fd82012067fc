/**
 * What a base backup consists of, without a server: its manifest, its label, the files of
 * incrementals and their combination. For the other packages of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.basebackup;

import org.jspecify.annotations.NullMarked;
