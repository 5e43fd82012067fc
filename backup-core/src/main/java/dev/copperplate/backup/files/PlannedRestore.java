package dev.copperplate.backup.files;

import dev.copperplate.backup.RestorePlan;

/**
 * What was announced of a restore.
 *
 * @param destroyed what may be overwritten and deleted, and nothing else
 * @param files how many files will be written
 * @param deleteExtra whether what the snapshot does not have goes
 */
record PlannedRestore(
    RestorePlan plan, DestroyedNames destroyed, long files, boolean deleteExtra) {}
