/**
 * What a removal of snapshots has to heed: who depends on whom, what is proved, in which order they
 * may go, and who is building on what at this moment.
 */
@NullMarked
package dev.copperplate.backup.repository.expiry;

import org.jspecify.annotations.NullMarked;
