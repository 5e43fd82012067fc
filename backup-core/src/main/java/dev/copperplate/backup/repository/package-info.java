/**
 * The repository: deduplicated, encrypted snapshots on one target, in restic's repository format.
 *
 * <p>Start at {@link dev.copperplate.backup.repository.BackupRepository}.
 */
@NullMarked
package dev.copperplate.backup.repository;

import org.jspecify.annotations.NullMarked;
