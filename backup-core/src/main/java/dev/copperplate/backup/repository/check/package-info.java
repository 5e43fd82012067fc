/**
 * Looking whether what is stored is as it was written: what there is, what snapshots need, what
 * packs hold, and which paths of which snapshots suffer from what is wrong.
 */
@NullMarked
package dev.copperplate.backup.repository.check;

import org.jspecify.annotations.NullMarked;
