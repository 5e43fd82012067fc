/**
 * What lies beside the repository, below {@code copperplate/} in the same target: what was learnt
 * about snapshots afterwards, and who is about to do what. Stock tools pass it over, and losing all
 * of it loses no backup.
 */
@NullMarked
package dev.copperplate.backup.records;

import org.jspecify.annotations.NullMarked;
