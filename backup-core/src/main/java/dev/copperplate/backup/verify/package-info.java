/** Verifiers of any snapshot: whether all of it is stored, and whether every byte reads right. */
@NullMarked
package dev.copperplate.backup.verify;

import org.jspecify.annotations.NullMarked;
